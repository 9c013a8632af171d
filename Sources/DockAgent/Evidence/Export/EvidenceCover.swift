import DockCore
import DockHandover

/// `cover.html` of a bundle: a page to print, in Dutch and then in English. It says nothing that the signed records do not say.
struct EvidenceCover {
    let manifest: EvidenceManifest
    let fingerprint: String
    let records: [CustodyRecord]
    let clocks: [ClockCertificate]

    /// The page. It loads nothing and runs nothing.
    var html: String {
        Markup.page(
            "\(CoverWords.dutch.title) / \(CoverWords.english.title): \(manifest.reason)", language: "nl",
            style: EvidenceCover.style,
            [CoverWords.dutch, CoverWords.english].map { words in
                .element(
                    "main", [("lang", words.language)],
                    facts(words) + recordings(words) + files(words) + findings(words))
            })
    }

    private func facts(_ words: CoverWords) -> [Markup] {
        let facts = [
            (words.reason, manifest.reason), (words.requestedBy, manifest.requestedBy), (words.dock, manifest.dock),
            (words.key, fingerprint), (words.form, words.forms[manifest.form] ?? manifest.form.rawValue),
            (words.count, "\(manifest.footage.count), \(ByteCount.text(manifest.footage.reduce(0) { $0 + $1.bytes }))"),
        ]
        return [
            .element("h1", words.title),
            .element(
                "table", [("class", "facts")],
                facts.map { fact in
                    .element("tr", [], [.element("th", [("scope", "row")], [.text(fact.0)]), .element("td", fact.1)])
                }),
            .element("p", words.verify),
        ]
    }

    private func recordings(_ words: CoverWords) -> [Markup] {
        var rows: [[String]] = []
        for record in records {
            let wanted = Set(manifest.footage.filter { $0.docking == record.docking }.map(\.recording))
            for row in record.recordings where wanted.contains(row.recording) {
                rows.append(self.row(row, of: record, words))
            }
        }
        return [
            .element("h2", words.recordings), .table(words.recordingHeads, texts: rows), .element("p", words.times),
        ]
    }

    private func row(_ row: CustodyRecord.RecordingFiles, of record: CustodyRecord, _ words: CoverWords) -> [String] {
        let coverage = row.coverage
        let time = clocks.first { $0.camera == record.camera.serial }?.recordings
            .first { $0.docking == record.docking && $0.recording == row.recording }
        var really = time?.why ?? words.unknown
        if let time, let moment = time.corrected, let earliest = time.earliest, let latest = time.latest {
            really = "\(moment) (\(earliest) – \(latest))"
        }
        let state =
            switch coverage?.isComplete {
            case true: words.complete
            case false: "\(words.incomplete): " + (coverage?.gaps.map(\.why).joined(separator: "; ") ?? "")
            case nil: words.unknown
            }
        return [
            record.camera.serial, record.wearer ?? words.unknown, row.recording,
            (coverage?.start).map { "\($0)" } ?? words.unknown, really, "\(row.files.count)", state,
        ]
    }

    private func files(_ words: CoverWords) -> [Markup] {
        let known = records.flatMap { record in
            record.recordings.flatMap(\.files).map { ("\(record.docking)/\($0.path)", $0.media) }
        }
        let media = Dictionary(known) { first, _ in first }
        let rows = manifest.footage.map { item in
            let facts = (media["\(item.docking)/\(item.path)"] ?? nil)
            let made = facts?.created.map { "; \($0)" } ?? ""
            let text =
                facts.map { $0.unreadable.map { "\(words.unreadable): \($0)" } ?? "\($0)\(made)" } ?? words.unknown
            return [item.name, text, "\(item.bytes)", item.sha256.description]
        }
        return [.element("h2", words.files), .table(words.fileHeads, texts: rows)]
    }

    /// What was not as it should be, of the dockings as a whole and of what is handed out.
    private func findings(_ words: CoverWords) -> [Markup] {
        let lines = records.flatMap { record in
            let wanted = Set(manifest.footage.filter { $0.docking == record.docking }.map(\.recording))
            return record.findings.filter { finding in finding.recording.map(wanted.contains) ?? true }.map {
                "\(record.docking): \($0.description)"
            }
        }
        return [.element("h2", words.findings), lines.isEmpty ? .element("p", words.none) : .list(lines)]
    }

    private static let style: StaticString = """
        body{font:11pt/1.4 system-ui,sans-serif;color:#111;background:#fff;margin:0}main{max-width:60rem;margin:0 auto;padding:1.5rem}
        main+main{break-before:page;border-top:1px solid #767676}h1{font-size:1.5rem;margin:0 0 .5rem}h2{font-size:1.1rem;margin:1.25rem 0 .25rem}
        table{border-collapse:collapse;width:100%;font-size:.85rem}th,td{border-bottom:1px solid #767676;padding:.25rem .4rem;text-align:left;vertical-align:top}
        th,td{overflow-wrap:anywhere}thead th{overflow-wrap:normal}tbody th{font-weight:400}.facts th{font-weight:700}tr{break-inside:avoid}.facts th{width:14rem}p{margin:.5rem 0}
        @page{size:A4;margin:15mm}@media print{main{max-width:none;padding:0}main+main{border:0}}
        """
}

/// What a cover page says, in one language.
struct CoverWords {
    let language: String
    let title: String
    let reason: String
    let requestedBy: String
    let dock: String
    let key: String
    let form: String
    let forms: [EvidenceDisclosed.Form: String]
    let count: String
    let verify: String
    let recordings: String
    let recordingHeads: [String]
    let times: String
    let files: String
    let fileHeads: [String]
    let unreadable: String
    let findings: String
    let none: String
    let unknown: String
    let complete: String
    let incomplete: String

    static let dutch = CoverWords(
        language: "nl", title: "Beelden van bodycams", reason: "Reden", requestedBy: "Gevraagd door", dock: "Dock",
        key: "Sleutel van het dock", form: "Vorm",
        forms: [
            .sealed: "versleuteld, zoals in het archief", .resealed: "versleuteld voor de ontvanger",
            .opened: "geopend",
        ], count: "Bestanden met beelden",
        verify:
            "VERIFY.md legt uit hoe u dit zonder Bodydock controleert. Vergelijk de sleutel van het dock met de code die u langs een andere weg van de gemeente hebt gekregen.",
        recordings: "Opnamen",
        recordingHeads: [
            "Camera", "Drager", "Opname", "Begin volgens de camera",
            "Werkelijk begin (niet eerder dan – niet later dan)",
            "Bestanden", "Volledig",
        ],
        times:
            "Tijden in UTC. Het werkelijke begin volgt uit metingen van de klok van de camera; opgenomen tijden zijn nooit veranderd.",
        files: "Bestanden",
        fileHeads: ["Bestand", "Beeld en geluid; gemaakt, volgens het bestand", "Bytes, geopend", "SHA-256, geopend"],
        unreadable: "niet leesbaar", findings: "Bevindingen",
        none: "Geen.", unknown: "niet bekend", complete: "ja", incomplete: "nee")

    static let english = CoverWords(
        language: "en", title: "Footage of body-worn cameras", reason: "Reason", requestedBy: "Asked for by",
        dock: "Dock", key: "Key of the dock", form: "Form",
        forms: [
            .sealed: "sealed, as in the archive", .resealed: "sealed for the recipient", .opened: "opened",
        ], count: "Files of footage",
        verify:
            "VERIFY.md says how you verify this without Bodydock. Compare the key of the dock with the code that the municipality gave you by another way.",
        recordings: "Recordings",
        recordingHeads: [
            "Camera", "Wearer", "Recording", "Began, by the camera", "Really began (not before – not after)", "Files",
            "Complete",
        ],
        times:
            "Times in UTC. When it really began follows from measurements of the camera's clock; recorded times were never changed.",
        files: "Files",
        fileHeads: ["File", "Picture and sound; made, as the file says", "Bytes, opened", "SHA-256, opened"],
        unreadable: "not readable", findings: "Findings", none: "None.",
        unknown: "not known", complete: "yes", incomplete: "no")
}
