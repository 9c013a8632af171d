import DockCore
import DockSystem
import Glibc

/// Where the files of an archive lie that an export made. Only headers are read, one after the other; nothing is unpacked. What no export
/// writes is refused and named: names that lead elsewhere or come twice, links, devices, sizes that do not fit, bytes where there
/// should be none.
struct TarArchive: Sendable {
    /// Each file by its name in the bundle, and the bytes of the archive that are its content.
    private(set) var files: [String: Range<Int64>] = [:]
    /// What is not as an export makes it: where, and why.
    private(set) var faults: [(name: String, why: String)] = []

    private let bytes: Int64
    /// The one folder that everything lies in.
    private var folder: [UInt8]?
    private var folders: Set<[UInt8]> = []
    private var last = "the start"

    /// Entries that are looked at.
    private static let entryLimit = 1_000_000
    private static let faultLimit = 1000
    /// Zeros at the end: GNU tar fills up its last 20 blocks.
    private static let longestEnd: Int64 = 21 * 512

    /// Looks through an archive.
    init(_ file: borrowing Descriptor) throws(Errno) {
        bytes = try file.status().identity.size
        try scan(file)
    }

    private mutating func scan(_ file: borrowing Descriptor) throws(Errno) {
        var offset: Int64 = 0
        var longName: [UInt8]?
        for _ in 0..<TarArchive.entryLimit {
            let block = try file.read(offset..<min(offset + 512, bytes))
            guard block.count == 512 else { return refuse("it ends behind \(last), before its end: it was cut off") }
            if block.allSatisfy({ $0 == 0 }) { return try checkEnd(file, from: offset, isNamed: longName == nil) }
            guard let header = TarHeader(block) else {
                return refuse(
                    "the block behind \(last) (byte \(offset)) is not a header as Bodydock's archives have them")
            }
            let content = offset + 512..<bytes
            guard header.size <= Int64(content.count) else {
                return refuse(
                    "\(header.size) bytes are promised where \(content.count) are left: it was cut off, or the size is wrong",
                    CameraPath.escape(longName ?? header.name))
            }
            let end = offset + 512 + header.size
            offset = min(bytes, (end + 511) / 512 * 512)
            guard try file.read(end..<offset).allSatisfy({ $0 == 0 }) else {
                return refuse("something is hidden behind its content", CameraPath.escape(longName ?? header.name))
            }
            if header.kind == .longName {
                guard longName == nil, header.size <= Int64(CameraPath.longest) + 1 else {
                    return refuse("the name behind \(last) is too long")
                }
                longName = try file.read(content.lowerBound..<end)
                guard longName?.popLast() == 0 else { return refuse("the name behind \(last) does not end") }
                continue
            }
            take(header, longName ?? header.name, content.lowerBound..<end)
            longName = nil
            if faults.count >= TarArchive.faultLimit { return refuse("it has more faults: no more are looked for") }
        }
        refuse("it has more than \(TarArchive.entryLimit) entries")
    }

    /// What is not the fault of one file.
    private mutating func refuse(_ why: String, _ name: String = "the archive") { faults.append((name, why)) }

    private mutating func take(_ header: TarHeader, _ raw: [UInt8], _ content: Range<Int64>) {
        let isFolder = header.kind == .folder
        let name = isFolder && raw.last == UInt8(ascii: "/") ? Array(raw.dropLast()) : raw
        last = CameraPath.escape(name)
        if case .foreign(let what) = header.kind { return refuse("it is \(what), which no bundle has", last) }
        let path: CameraPath
        do throws(DockError) { path = try CameraPath(name) } catch { return refuse(error.why, last) }
        let parts = path.components
        let top = Array(parts[0])
        folder = folder ?? top
        guard folder == top, isFolder || parts.count > 1 else {
            return refuse("it lies outside of the bundle's folder", last)
        }
        if isFolder {
            guard header.size == 0 else { return refuse("a folder has content", last) }
            return folders.insert(name).inserted ? () : refuse("it is there twice", last)
        }
        let inside = Array(name.dropFirst(top.count + 1))
        guard let text = String(validating: inside, as: UTF8.self),
            !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else { return refuse("no bundle has such a name", last) }
        guard files.updateValue(content, forKey: text) == nil else { return refuse("it is there twice", last) }
        if folders.contains(name) { refuse("a folder has this name too", last) }
    }

    /// Nothing but zeros, and not many of them.
    private mutating func checkEnd(
        _ file: borrowing Descriptor, from offset: Int64, isNamed: Bool
    ) throws(Errno) {
        if !isNamed { refuse("a name at its end has no file") }
        guard bytes - offset >= 1024 else { return refuse("its end is cut off") }
        guard bytes - offset <= TarArchive.longestEnd,
            try file.read(offset..<bytes).allSatisfy({ $0 == 0 })
        else { return refuse("something lies behind its end (byte \(offset))") }
    }
}

extension Descriptor {
    /// The bytes of a stretch; fewer if the file ends before. For short ones: it is held in memory.
    func read(_ stretch: Range<Int64>) throws(Errno) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: stretch.count)
        let count: Result<Int, Errno> = bytes.withUnsafeMutableBytes { buffer in
            Result { () throws(Errno) in try readFully(into: buffer, at: stretch.lowerBound) }
        }
        bytes.removeLast(bytes.count - (try count.get()))
        return bytes
    }
}
