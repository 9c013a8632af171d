extension Cause {
    /// What it is, in general, in English: for surfaces that name no file and nobody.
    public var sentence: String {
        let words = code.sentence
        let place = vault.map { "vault \($0): " } ?? ""
        return place + words + (count.map { " (files: \($0))" } ?? "")
    }
}

extension Cause.Code {
    /// What it is, in general, in English.
    public var sentence: String {
        switch self {
        case .finding(let code): code.sentence
        case .state(let state): state.sentence
        }
    }
}

extension Finding.Code {
    /// What was found, in general, in English.
    public var sentence: String {
        switch self {
        case .manifestMissing: "the camera's list of its footage is missing"
        case .manifestBroken: "the camera's list of its footage cannot be read"
        case .signatureInvalid: "the signature on the camera's list does not hold"
        case .chainBroken: "the chain of hashes in the camera's list is broken"
        case .sequenceGap: "a number in a sequence is missing, or stands twice"
        case .preRecordShort: "footage from before the button was pressed is missing"
        case .fileMissing: "a file that the camera lists is not there"
        case .erasedEarlier: "a listed file was delivered and erased before"
        case .fileUnlisted: "a file is not in the camera's list"
        case .sizeWrong: "a file has another size than the camera lists"
        case .hashWrong: "a file is not what the camera lists"
        case .fileEmpty: "a file is empty"
        case .timeOverlap: "two files claim the same time"
        case .timeGap: "time is missing within a recording"
        case .timeImpossible: "a time cannot be"
        case .nameClash: "two names cannot be told apart"
        case .specialFile: "something is no plain file"
        case .readFailed: "a file could not be read to its end"
        case .fileChanged: "a file changed while it was read"
        case .readsDiffer: "two reads of a file gave different bytes"
        case .listingChanged: "what lies on the camera changed while it was docked"
        case .contradiction: "the program's own records disagree"
        case .cameraGone: "the camera was pulled"
        case .fileSystemDirty: "its file system was not closed properly"
        case .heldByPerson: "a person asked that it be held"
        case .identityConflict: "it is not the camera that it was taken for"
        case .wearerUnknown: "who wore it could not be found out"
        case .identityWeak: "the camera names itself nowhere"
        case .spoolDamaged: "the dock's disk had damaged a sealed file: it is sealed anew"
        case .limitExceeded: "there is more than is accepted"
        }
    }
}

extension Cause.Condition {
    /// What it is, in general, in English.
    public var sentence: String {
        switch self {
        case .undelivered: "not everything is delivered"
        case .notSealed: "the dock's disk had no room for everything"
        case .leftOnCamera: "a file could not be erased, and stays on the camera"
        case .eraseBroke: "the erase broke off"
        case .agentStopped: "the agent was stopped"
        case .pulled: "it was pulled before it was released: put it back"
        case .receiptsYoung: "everything is safe; it is emptied later"
        case .keptAsAsked: "everything is safe; its footage stays on it until it is released"
        case .lookedAt: "it is looked at"
        case .notOurs: "it is no camera of this dock"
        case .awaitsTurn: "it is next when another camera is done"
        case .spoolFull: "the spool is full: it goes on when segments are delivered"
        case .spoolBusy: "what it left in the spool before is delivered first"
        case .nothingRead: "nothing is read from it: the card or the plug fails"
        case .notTakenIn: "it could not be taken in"
        case .portOff: "its port is off until others are charged"
        case .notPrepared: "it could not be prepared as its profile says"
        }
    }
}
