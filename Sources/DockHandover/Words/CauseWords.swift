import DockCore

/// Why a camera is not done, in a language. What a camera wrote (names of recordings and files) stands as it is.
extension Wording {
    /// One cause: what it is about, what it is, and how much is missing.
    public func cause(_ cause: Cause) -> String {
        var subject: [String] = []
        if let vault = cause.vault { subject.append(Phrase.ofVault.text(language, vault)) }
        if let recording = cause.recording { subject.append(Phrase.ofRecording.text(language, recording)) }
        if let path = cause.path { subject.append("\(path)") }
        var sentence = Wording.sentence(cause.code, language)
        if let note = cause.note, !note.isEmpty { sentence += ": \(note)" }
        if let count = cause.count { sentence += " (\(files(count)))" }
        if let missing = cause.missing { sentence += " (\(self.missing(missing)))" }
        return subject.isEmpty ? sentence : "\(subject.joined(separator: ", ")): \(sentence)"
    }

    /// Reasons as a person reads them. In English they are told as they were written down, which says most; in other languages from their
    /// values. Where an older version wrote no values, the English sentence stands.
    public func reasons(_ reasons: [String], _ causes: [Cause]?) -> [String] {
        guard language != .en, let causes, !causes.isEmpty else { return reasons }
        return causes.map(cause)
    }

    /// What was found on a camera, and why it is not done, each once.
    func notes(_ handover: Handover) -> [String] {
        let findings = handover.findings.map { language == .en ? $0.description : cause(Cause($0)) }
        var known: Set<String> = []
        return (reasons(handover.reasons, handover.causes).prefix(10) + findings.prefix(20))
            .filter { known.insert($0).inserted }
    }

    /// How a file was verified.
    func verification(_ verification: Verification) -> String {
        switch verification {
        case .matchedManifest: self(.matchedManifest)
        case .matchedSHA256: self(.matchedSHA256)
        case .matchedMD5: self(.matchedMD5)
        case .firstRead: self(.firstRead)
        case .singleRead: self(.singleRead)
        case .mismatch: self(.mismatch)
        case .partial: self(.partial)
        }
    }

    private func missing(_ loss: Finding.Loss) -> String {
        switch loss {
        case .seconds(let seconds):
            Phrase.missingSeconds.text(language, "\(Int(min(max(0, seconds), 1e12).rounded(.up)))")
        case .bytes(let bytes): Phrase.missingBytes.text(language, self.bytes(bytes))
        case .items(let count): Phrase.missingItems.text(language, "\(count)")
        }
    }

    /// What a cause is, in general.
    static func sentence(_ code: Cause.Code, _ language: HandoverSettings.Language) -> String {
        switch language {
        case .en: code.sentence
        case .nl: dutch[code] ?? code.sentence
        }
    }

    static let dutch: [Cause.Code: String] = [
        .finding(.manifestMissing): "de lijst van opnamen ontbreekt op de camera",
        .finding(.manifestBroken): "de lijst van opnamen is niet leesbaar",
        .finding(.signatureInvalid): "de handtekening onder de lijst van opnamen klopt niet",
        .finding(.chainBroken): "de keten van controlegetallen in de lijst is verbroken",
        .finding(.sequenceGap): "een volgnummer ontbreekt, of staat er dubbel",
        .finding(.preRecordShort): "beeld van vóór de druk op de knop ontbreekt",
        .finding(.fileMissing): "een bestand uit de lijst staat niet op de camera",
        .finding(.erasedEarlier): "een bestand uit de lijst is eerder afgeleverd en gewist",
        .finding(.fileUnlisted): "een bestand staat niet in de lijst van de camera",
        .finding(.sizeWrong): "een bestand is groter of kleiner dan de lijst zegt",
        .finding(.hashWrong): "een bestand is niet wat de lijst van de camera zegt",
        .finding(.fileEmpty): "een bestand is leeg",
        .finding(.timeOverlap): "twee bestanden zijn van dezelfde tijd",
        .finding(.timeGap): "er ontbreekt tijd in een opname",
        .finding(.timeImpossible): "een tijdstip kan niet kloppen",
        .finding(.nameClash): "twee namen zijn niet te onderscheiden",
        .finding(.specialFile): "er staat iets op dat geen gewoon bestand is",
        .finding(.readFailed): "een bestand was niet tot het eind te lezen",
        .finding(.fileChanged): "een bestand veranderde tijdens het lezen",
        .finding(.readsDiffer): "twee keer lezen gaf twee verschillende uitkomsten",
        .finding(.listingChanged): "wat op de camera staat veranderde terwijl hij in het dock stond",
        .finding(.contradiction): "de eigen gegevens van het dock spreken elkaar tegen",
        .finding(.cameraGone): "de camera is eruit gehaald",
        .finding(.fileSystemDirty): "de geheugenkaart is niet goed afgesloten",
        .finding(.heldByPerson): "iemand heeft gevraagd hem vast te houden",
        .finding(.identityConflict): "het is niet de camera waar hij voor werd gehouden",
        .finding(.wearerUnknown): "wie hem droeg is niet te achterhalen",
        .finding(.identityWeak): "de camera noemt zichzelf nergens",
        .finding(.spoolDamaged):
            "de schijf van het dock had een verzegeld bestand beschadigd: het is opnieuw verzegeld",
        .finding(.limitExceeded): "er staat meer op dan het dock aanneemt",
        .state(.undelivered): "nog niet alles is afgeleverd",
        .state(.notSealed): "de schijf van het dock had geen plaats voor alles",
        .state(.leftOnCamera): "een bestand was niet te wissen en staat nog op de camera",
        .state(.eraseBroke): "het legen brak af",
        .state(.agentStopped): "het dock werd gestopt",
        .state(.pulled): "hij is er te vroeg uit gehaald: zet hem terug",
        .state(.receiptsYoung): "alles is veilig; hij wordt later geleegd",
        .state(.keptAsAsked): "alles is veilig; de beelden blijven erop tot hij wordt vrijgegeven",
        .state(.lookedAt): "hij wordt bekeken",
        .state(.notOurs): "het is geen camera van dit dock",
        .state(.awaitsTurn): "hij is aan de beurt als een andere camera klaar is",
        .state(.spoolFull): "de schijf van het dock is vol: het gaat verder als er beelden zijn afgeleverd",
        .state(.spoolBusy): "eerst wordt afgeleverd wat hij eerder achterliet",
        .state(.nothingRead): "er wordt niets gelezen: de kaart of de stekker hapert",
        .state(.notTakenIn): "hij kon niet worden ingelezen",
        .state(.portOff): "zijn poort is uit tot andere camera's zijn geladen",
        .state(.notPrepared): "hij kon niet worden klaargemaakt zoals het hoort",
    ]
}
