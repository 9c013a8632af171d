import DockTestSupport
import Foundation

/// umockdev's library. Loaded, not linked: its headers are not needed to build, nor the library where nothing is tested.
final class MockBed {
    /// The last is where an error is put.
    private typealias AddDevices = @convention(c) (OpaquePointer, UnsafePointer<CChar>, OpaquePointer?) -> Int32
    private typealias OneText = @convention(c) (OpaquePointer, UnsafePointer<CChar>) -> Void
    private typealias TwoTexts = @convention(c) (OpaquePointer, UnsafePointer<CChar>, UnsafePointer<CChar>) -> Void
    private typealias ThreeTexts =
        @convention(c) (OpaquePointer, UnsafePointer<CChar>, UnsafePointer<CChar>, UnsafePointer<CChar>) -> Void

    private let library: UnsafeMutableRawPointer
    private let bed: OpaquePointer

    init() throws {
        guard let library = dlopen("libumockdev.so.0", RTLD_NOW) else { throw RigFailure("umockdev is not installed") }
        self.library = library
        typealias New = @convention(c) () -> OpaquePointer?
        guard let bed = unsafeBitCast(try MockBed.find("umockdev_testbed_new", library), to: New.self)() else {
            throw RigFailure("umockdev_testbed_new")
        }
        self.bed = bed
    }

    /// Removes umockdev's folder.
    func close() {
        call("g_object_unref", (@convention(c) (OpaquePointer) -> Void).self) { $0(bed) }
    }

    func add(_ text: String) throws {
        let add = unsafeBitCast(try MockBed.find("umockdev_testbed_add_from_string", library), to: AddDevices.self)
        guard add(bed, text, nil) != 0 else { throw RigFailure("umockdev does not understand: \(text)") }
    }

    /// With everything below, and with the links by bus, which umockdev leaves.
    func remove(_ path: String) throws {
        call("umockdev_testbed_remove_device", OneText.self) { $0(bed, "/sys" + path) }
        let files = FileManager.default
        for bus in try files.contentsOfDirectory(atPath: root + "/sys/bus") {
            let folder = root + "/sys/bus/\(bus)/devices/"
            for link in try files.contentsOfDirectory(atPath: folder) where !files.fileExists(atPath: folder + link) {
                try files.removeItem(atPath: folder + link)
            }
        }
    }

    private var root: String { ProcessInfo.processInfo.environment["UMOCKDEV_DIR"] ?? "/nowhere" }

    func set(_ path: String, _ attribute: String, _ value: String) {
        call("umockdev_testbed_set_attribute", ThreeTexts.self) { $0(bed, "/sys" + path, attribute, value) }
    }

    func event(_ path: String, _ action: String) {
        call("umockdev_testbed_uevent", TwoTexts.self) { $0(bed, "/sys" + path, action) }
    }

    private func call<Function>(_ name: String, _ type: Function.Type, _ body: (Function) -> Void) {
        guard let symbol = dlsym(library, name) else { return }
        body(unsafeBitCast(symbol, to: type))
    }

    private static func find(_ name: String, _ library: UnsafeMutableRawPointer) throws -> UnsafeMutableRawPointer {
        guard let symbol = dlsym(library, name) else { throw RigFailure("umockdev has no \(name)") }
        return symbol
    }
}
