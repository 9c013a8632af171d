import DockCore
import Testing

@testable import DockIntake

@Suite("Recognising a camera that shows a USB model")
struct USBRecognitionTests {
    private let model = USBModel(vendor: 0x46f4, product: 1)

    private func profiles() throws -> [CameraProfile] {
        var own = try cameraProfile("own", priority: 9, required: ["DCIM"])
        own.usbModels = [USBModel(vendor: 1, product: 1), model]
        return [own, try cameraProfile("generic", required: ["DCIM"])]
    }

    private func recognised(_ folders: [String], _ usb: USBModel?) throws -> String? {
        ProfileRecognition.recognise(try cameraListing([], folders: folders), profiles: try profiles(), usb: usb)?.name
    }

    @Test func itsModelCountsInAdditionToTheOtherMarks() throws {
        #expect(try recognised(["DCIM"], model) == "own")
        #expect(try recognised(["DCIM"], USBModel(vendor: 0x46f4, product: 2)) == "generic")
        #expect(try recognised(["VIDEO"], model) == nil, "never the model alone")
    }

    @Test func aPlainFolderHasNoModelAndMatchesNoProfileThatAsksForOne() throws {
        #expect(try recognised(["DCIM"], nil) == "generic")
        let plain = ProfileRecognition.recognise(
            try cameraListing([], folders: ["DCIM"]), profiles: try profiles())
        #expect(plain?.name == "generic", "the call without it")
    }
}
