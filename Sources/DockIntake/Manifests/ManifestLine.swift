import DockCore
import Foundation

/// One line of the project's own manifest (`docs/manifest.md`).
enum ManifestLine: Decodable {
    case manifest(Header)
    case recording(RecordingLine)
    case segment(SegmentLine)
    case end(End)

    struct Header: Decodable {
        struct Device: Decodable {
            let serial: String
            let model: String?
            let firmware: String?
        }

        let version: Int
        let device: Device
        let wearer: String?
        let clock: Instant
        let battery: Int?
    }

    struct RecordingLine: Decodable {
        let name: String
        let sequence: UInt64
        let trigger: Instant
        let preRecordSeconds: Double
        let spokenWarning: Recording.SpokenWarning?
        let flagged: Bool?
        let previous: SHA256Digest
    }

    struct SegmentLine: Decodable {
        let recording: String
        let number: UInt64
        let file: CameraPath
        let bytes: Int64
        let start: Instant
        let duration: Double
        let sha256: SHA256Digest
        let previous: SHA256Digest
    }

    struct End: Decodable {
        let recordings: Int
        let segments: Int
        let previous: SHA256Digest
        let signature: String?
    }

    private enum Key: String, CodingKey { case type }
    private enum Kind: String, Decodable { case manifest, recording, segment, end }

    init(from decoder: any Decoder) throws {
        switch try decoder.container(keyedBy: Key.self).decode(Kind.self, forKey: .type) {
        case .manifest: self = .manifest(try Header(from: decoder))
        case .recording: self = .recording(try RecordingLine(from: decoder))
        case .segment: self = .segment(try SegmentLine(from: decoder))
        case .end: self = .end(try End(from: decoder))
        }
    }

    /// The `previous` that the line gives; the first line has none.
    var previous: SHA256Digest? {
        switch self {
        case .manifest: nil
        case .recording(let line): line.previous
        case .segment(let line): line.previous
        case .end(let line): line.previous
        }
    }
}

/// Parses lines with one decoder.
struct ManifestLineParser {
    private let decoder = JSONDecoder()

    /// The line, or why it is none, in a clause for a person.
    func parse(_ bytes: UnsafeRawBufferPointer) -> Result<ManifestLine, Objection> {
        // JSONDecoder guesses other encodings from NUL bytes; the format is UTF-8 alone.
        guard !bytes.contains(0) else { return .failure(Objection("it contains a NUL byte")) }
        do {
            return .success(try decoder.decode(ManifestLine.self, from: Data(bytes)))
        } catch let error as DecodingError {
            return .failure(Objection(error))
        } catch let error as DockError {
            return .failure(Objection(error.why))
        } catch {
            return .failure(Objection("it is no JSON object"))
        }
    }

    /// Why a line cannot be used. What the camera wrote is repeated only in a form that is safe to print.
    struct Objection: Error {
        let reason: String

        init(_ reason: String) { self.reason = Printable.text(reason) }

        init(_ error: DecodingError) {
            let (context, fault): (DecodingError.Context, String) =
                switch error {
                case .keyNotFound(let key, let context): (context, "'\(key.stringValue)' is missing")
                case .typeMismatch(_, let context): (context, "has another type than the format says")
                case .valueNotFound(_, let context): (context, "is null")
                case .dataCorrupted(let context):
                    (context, context.codingPath.isEmpty ? "it is no JSON object" : context.debugDescription)
                @unknown default:
                    (DecodingError.Context(codingPath: [], debugDescription: ""), "it does not follow the format")
                }
            let place = context.codingPath.map(\.stringValue).joined(separator: ".")
            self.init(place.isEmpty ? fault : "\(place): \(fault)")
        }
    }
}

/// Text that came from a camera, made safe for terminals and records.
enum Printable {
    /// Whether a name can be used as it is: 1 to `longest` bytes, no control characters.
    static func isName(_ text: String, longest: Int) -> Bool {
        (1...longest).contains(text.utf8.count) && !text.unicodeScalars.contains { isControl($0) }
    }

    /// At most 200 characters, control characters as `?`.
    static func text(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(200) { result.append(isControl(scalar) ? "?" : scalar) }
        return String(result)
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: true
        default: false
        }
    }
}
