import DockCore
import DockTestSupport
import Foundation
import Testing

@testable import DockDevices

@Suite("Erase marker")
struct EraseMarkerTests {
    let marker = EraseMarker(nonce: "00112233445566778899aabbccddeeff", docking: "20260801T120000Z-camera-7")!

    @Test func itIsThereOnceWritten() throws {
        let folder = try TemporaryFolder()
        let loop = try LoopDevice(bytes: (32 << 20) + 512, in: folder)
        let volume = try BlockVolume.open(BlockNode(loop.node), forWriting: true)
        #expect(try EraseMarker.read(from: volume) == nil)
        #expect(try EraseMarker.clear(from: volume) == false)
        try marker.write(to: volume)
        #expect(try EraseMarker.read(from: volume) == marker)
        let place = try #require(EraseMarker.place(onVolumeOf: volume.bytes))
        #expect(place.lowerBound == 31 << 20 && place.count == 4096)
        let text = String(
            decoding: try loop.content(at: place.lowerBound, count: 4096).prefix { $0 != 0 }, as: UTF8.self)
        #expect(
            text.hasPrefix(
                "BODYDOCK ERASE UNDER WAY\nnonce \(marker.nonce)\ndocking \(marker.docking)\nvolume 33554944\nsha256 "))
        // As a person would check it.
        let body = text.split(separator: "\n").dropLast().joined(separator: "\n") + "\n"
        let sum = try Tool.run("sha256sum", [folder.write(Data(body.utf8), to: "body")]).text.prefix(64)
        #expect(text.hasSuffix("sha256 \(sum)\n"))
        // Around it nothing has changed.
        #expect(try volume.verifyZeros(0..<place.lowerBound, sampling: .all).firstNonzero == nil)
        #expect(try volume.verifyZeros(place.upperBound..<volume.bytes, sampling: .all).firstNonzero == nil)
        #expect(try EraseMarker.clear(from: volume))
        #expect(try EraseMarker.read(from: volume) == nil)
        #expect(try volume.verifyZeros(0..<volume.bytes, sampling: .all).firstNonzero == nil)
    }

    @Test func whatIsNoMarkerIsNotCleared() throws {
        let folder = try TemporaryFolder()
        let loop = try LoopDevice(bytes: 16 << 20, in: folder)
        // The start of a file that has that place now.
        try loop.change(Array("BODYDOCK ERASE UNDER WAY\n".utf8), at: 15 << 20)
        let volume = try BlockVolume.open(BlockNode(loop.node), forWriting: true)
        #expect(try EraseMarker.clear(from: volume) == false)
        #expect(try loop.content(at: 15 << 20, count: 8) == Array("BODYDOCK".utf8))
    }

    @Test func everyBitCounts() throws {
        let record = try marker.encoded(forVolumeOf: 32 << 20)
        #expect(record.count == 4096)
        #expect(try EraseMarker.decode(record, onVolumeOf: 32 << 20) == marker)
        for index in record.indices {
            var changed = record
            changed[index] ^= UInt8(1 << (index % 8))
            #expect(try EraseMarker.decode(changed, onVolumeOf: 32 << 20) == nil, "byte \(index)")
        }
        // Nor on another volume, cut short, or with more behind it.
        #expect(try EraseMarker.decode(record, onVolumeOf: (32 << 20) + 4096) == nil)
        #expect(try EraseMarker.decode(Array(record.dropLast()), onVolumeOf: 32 << 20) == nil)
        #expect(try EraseMarker.decode(record + [0], onVolumeOf: 32 << 20) == nil)
        #expect(try EraseMarker.decode([], onVolumeOf: 32 << 20) == nil)
    }

    @Test func aWellMadeRecordWithOtherContentIsNone() throws {
        // With the right sum, but not as it would be written.
        for text in [
            "BODYDOCK ERASE UNDER WAY\nnonce 00112233445566778899AABBCCDDEEFF\ndocking d\nvolume 33554432\n",
            "BODYDOCK ERASE UNDER WAY\nnonce 00112233445566778899aabbccddeeff\ndocking \nvolume 33554432\n",
            "BODYDOCK ERASE UNDER WAY\nnonce 00112233445566778899aabbccddeeff\ndocking d\nvolume 33554432\nmore\n",
            "BODYDOCK ERASE UNDER WAY\ndocking d\nnonce 00112233445566778899aabbccddeeff\nvolume 33554432\n",
            "BODYDOCK ERASE UNDER WAY\nnonce 00112233445566778899aabbccddeeff\ndocking d\nvolume 033554432\n",
        ] {
            let whole = Array("\(text)sha256 \(try SHA256Digest(hashing: Array(text.utf8)))\n".utf8)
            let record = whole + [UInt8](repeating: 0, count: 4096 - whole.count)
            #expect(try EraseMarker.decode(record, onVolumeOf: 32 << 20) == nil, "\(text)")
        }
    }

    @Test func namesAndPlaces() throws {
        let good = "00112233445566778899aabbccddeeff"
        for (nonce, docking) in [
            (good.uppercased(), "d"), (String(good.dropLast()), "d"), (good + "0", "d"), (good, ""), (good, "a b"),
            (good, "a\nb"), (good, "ä"), (good, String(repeating: "x", count: 201)),
        ] { #expect(EraseMarker(nonce: nonce, docking: docking) == nil) }
        #expect(EraseMarker(nonce: good, docking: String(repeating: "x", count: 200)) != nil)
        for bytes: Int64 in [.min, -1, 0, 1 << 20, (8 << 20) - 1] {
            #expect(EraseMarker.place(onVolumeOf: bytes) == nil)
        }
        let place: Range<Int64> = 7_340_032..<7_344_128
        #expect(EraseMarker.place(onVolumeOf: 8 << 20) == place)
        #expect(EraseMarker.place(onVolumeOf: (8 << 20) + 4095) == place)
        #expect(EraseMarker.place(onVolumeOf: .max)?.lowerBound.isMultiple(of: 4096) == true)
    }

    @Test func smallVolumesTakeNone() throws {
        let folder = try TemporaryFolder()
        let loop = try LoopDevice(bytes: 4 << 20, in: folder)
        let volume = try BlockVolume.open(BlockNode(loop.node), forWriting: true)
        #expect(try EraseMarker.read(from: volume) == nil && EraseMarker.clear(from: volume) == false)
        var code: DockError.Code?
        do { try marker.write(to: volume) } catch { code = error.code }
        #expect(code == .limit)
    }
}
