import DockCore

/// One thing that is wrong with a made camera. Everything else stays as it would be without it.
/// ``explanation`` says what each is.
public enum CameraFault: String, Sendable, CaseIterable, Comparable {
    case hash
    case truncate
    case grow
    case missing
    case unlisted
    case wrongSize = "wrong-size"
    case empty
    case duplicate
    case caseClash = "case-clash"
    case nonUTF8 = "non-utf8"
    case longName = "long-name"
    case symlink
    case fifo
    case dotdot
    case absolute
    case sequenceGap = "sequence-gap"
    case preRecord = "pre-record"
    case preRecordMissing = "pre-record-missing"
    case overlap
    case gap
    case clock1970 = "clock-1970"
    case clock2106 = "clock-2106"
    case chain
    case signature
    case torn
    case nested
    case manyEntries = "many-entries"
    case noManifest = "no-manifest"

    /// What is wrong, in at most 59 characters, so that the program's help stays a table.
    public var explanation: String {
        switch self {
        case .hash: "one bit of a segment is flipped after it was hashed"
        case .truncate: "a segment has lost its second half after it was listed"
        case .grow: "a segment has 512 bytes more than were hashed"
        case .missing: "a listed segment is not there"
        case .unlisted: "a segment more than is listed"
        case .wrongSize: "the manifest gives a segment one byte too many"
        case .empty: "a segment of zero bytes, listed as such"
        case .duplicate: "the first segment is listed a second time"
        case .caseClash: "a further listed file has a name that differs only by case"
        case .nonUTF8: "a segment's name has a byte that is not UTF-8"
        case .longName: "a segment's name has 255 bytes (248 beside a sidecar)"
        case .symlink: "a symbolic link out of the volume, named like a segment"
        case .fifo: "a named pipe, named like a segment"
        case .dotdot: "the manifest lists ../OUTSIDE.MP4"
        case .absolute: "the manifest lists /etc/hostname"
        case .sequenceGap: "the numbers of one recording and its files are skipped"
        case .preRecord: "half of the pre-record that is promised is missing"
        case .preRecordMissing: "a recording promises pre-record and begins at its trigger"
        case .overlap: "a segment claims to last into the next one"
        case .gap: "5 seconds are missing between two segments"
        case .clock1970: "the camera's clock stood at 1970 during a recording"
        case .clock2106: "the camera's clock stood at 2106 during a recording"
        case .chain: "one digit of the hash chain is wrong"
        case .signature: "one bit of the signature is flipped (needs --sign)"
        case .torn: "the manifest breaks off in the middle of its last line"
        case .nested: "a line has an unknown member of 30,000 nested arrays"
        case .manyEntries: "very many listed segments do not exist (see --entries)"
        case .noManifest: "no manifest, sums file or sidecar is there"
        }
    }

    /// The profiles that can show it.
    public var profiles: [CameraPlan.Profile] {
        switch self {
        case .empty, .caseClash, .nonUTF8, .longName, .symlink, .fifo, .sequenceGap, .clock1970, .clock2106:
            [.bodydock, .sums, .sidecar, .plain]
        case .hash, .truncate, .grow, .missing, .unlisted, .noManifest:
            [.bodydock, .sums, .sidecar]
        case .duplicate, .dotdot, .absolute, .manyEntries:
            [.bodydock, .sums]
        case .wrongSize, .preRecord, .preRecordMissing, .overlap, .gap, .chain, .signature, .torn, .nested:
            [.bodydock]
        }
    }

    /// Orders by name.
    public static func < (left: CameraFault, right: CameraFault) -> Bool { left.rawValue < right.rawValue }
}
