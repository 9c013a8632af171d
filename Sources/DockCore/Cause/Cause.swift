/// Why a camera is not done, in values: what ``BayStatus/reasons`` says in English can so be said in another language, or to eyes that
/// may not see what a camera's files are called.
public struct Cause: Sendable, Hashable, Codable {
    /// Which.
    public var code: Code
    /// The recording that it is about, by its name on the camera.
    public var recording: String?
    /// The file that it is about.
    public var path: CameraPath?
    /// How much is missing.
    public var missing: Finding.Loss?
    /// The vault that it is about.
    public var vault: String?
    /// How many files it is about.
    public var count: Int?
    /// What a person wrote who asked for it.
    public var note: String?

    /// Causes that are kept of one docking at most.
    public static let most = 50

    /// Takes what there is to say.
    public init(_ code: Code, path: CameraPath? = nil, vault: String? = nil, count: Int? = nil) {
        (self.code, self.path, self.vault, self.count) = (code, path, vault, count)
    }

    /// Something that was found.
    public init(_ finding: Finding) {
        self.init(.finding(finding.code), path: finding.path)
        (recording, missing, note) = (finding.recording, finding.missing, finding.personsNote)
    }

    /// Without what a camera or a person wrote: some cameras put the wearer's badge into the names of files.
    public var withoutPeople: Cause { Cause(code, vault: vault, count: count) }
}

extension Cause {
    /// What it is, by a word that never changes its meaning.
    public enum Code: Sendable, Hashable, RawRepresentable, Codable, CaseIterable {
        /// Something was found on the camera that holds it.
        case finding(Finding.Code)
        /// Something else.
        case state(Condition)

        /// The word.
        public var rawValue: String {
            switch self {
            case .finding(let code): code.rawValue
            case .state(let state): state.rawValue
            }
        }

        /// From the word.
        public init?(rawValue: String) {
            if let code = Finding.Code(rawValue: rawValue) {
                self = .finding(code)
            } else if let state = Condition(rawValue: rawValue) {
                self = .state(state)
            } else {
                return nil
            }
        }

        /// Every one.
        public static var allCases: [Code] {
            Finding.Code.allCases.map { .finding($0) } + Condition.allCases.map { .state($0) }
        }
    }

    /// What is no finding on a camera.
    public enum Condition: String, Sendable, CaseIterable {
        /// A vault does not have everything.
        case undelivered
        /// The dock's disk had no room for everything.
        case notSealed
        /// A file could not be erased, and stays.
        case leftOnCamera
        /// The erase broke off.
        case eraseBroke
        /// The agent was stopped.
        case agentStopped
        /// The camera was pulled before it was released.
        case pulled
        /// Everything is safe, and the receipts are too young.
        case receiptsYoung
        /// Everything is safe, and the footage stays on it as asked.
        case keptAsAsked
        /// A device is looked at.
        case lookedAt
        /// It is no camera, or not one of ours.
        case notOurs
        /// It waits for its turn.
        case awaitsTurn
        /// It waits for room in the spool.
        case spoolFull
        /// It waits until what it left in the spool before is delivered.
        case spoolBusy
        /// Nothing was read from it for a while.
        case nothingRead
        /// It could not be taken in.
        case notTakenIn
        /// Its port is off until others are charged.
        case portOff
        /// It could not be prepared for its next wearer as its profile says.
        case notPrepared
    }
}

extension Sequence<Cause> {
    /// Without what a camera or a person wrote, each once.
    var withoutPeople: [Cause] {
        var known: Set<Cause> = []
        return map(\.withoutPeople).filter { known.insert($0).inserted }
    }
}
