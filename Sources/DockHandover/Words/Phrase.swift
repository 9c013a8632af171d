import DockCore

/// What a report says, in each language.
enum Phrase: String, CaseIterable {
    case title, dock, shift, edition, made, openPoints, nothingOpen, notReturned, notSafe, held, lastSeen, wornBy
    case teams, team, noTeam, all, dockings, recordings, duration, volume, warned, warningBefore
    case warningAfter, warningNone, warningUnknown, noneKnown, nextShift, noNextShift, readyOf, missAway, missOverdue
    case missUpload, missCooling, missErase, missCharge, missAttention, missUnknown, takeFirst, returned, camera
    case outcome, emptied, kept, cooling, incomplete, interrupted, running, battery, clock, ahead, behind, findings
    case start, length, preRecord, present, short, missing, unknown, verification, safeOf, attestationSigned
    case attestationManifest, attestationFound, manual, badge, reasons, bay, none
    case ofVault, ofRecording, files, oneFile, missingSeconds, missingBytes, missingItems, point, recording,
        matchedManifest,
        matchedSHA256
    case matchedMD5, firstRead, singleRead, mismatch, partial

    /// The words; what stands in braces is filled in.
    func text(_ language: HandoverSettings.Language) -> String {
        Phrase.texts[language]?[self] ?? rawValue
    }

    /// With `{}` filled in, one after the other.
    func text(_ language: HandoverSettings.Language, _ values: String...) -> String {
        var rest = text(language)[...]
        var result = ""
        for value in values {
            guard let place = rest.firstRange(of: "{}") else { break }
            result += rest[..<place.lowerBound] + value
            rest = rest[place.upperBound...]
        }
        return result + rest
    }

    static let texts: [HandoverSettings.Language: [Phrase: String]] = [.en: english, .nl: dutch]

    private static let english: [Phrase: String] = [
        .title: "Shift report", .dock: "Dock", .shift: "Shift", .edition: "Edition", .made: "Made",
        .openPoints: "Open points", .nothingOpen: "Nothing is open: every camera is back, and all footage is safe.",
        .notReturned: "Not returned", .notSafe: "Footage not safe yet", .held: "Held: a person must look",
        .lastSeen: "last seen {}", .wornBy: "worn by {}", .teams: "Teams", .team: "Team",
        .noTeam: "no team", .all: "All", .dockings: "Returns", .recordings: "Recordings", .duration: "Footage",
        .volume: "Volume", .warned: "Warned", .warningBefore: "before", .warningAfter: "afterwards",
        .warningNone: "not given", .warningUnknown: "not recorded", .noneKnown: "not known",
        .nextShift: "Next shift: {}, {}", .noNextShift: "No shift begins within a week.",
        .readyOf: "{} of {} ready at {}",
        .missAway: "camera {} is not here", .missOverdue: "camera {} is overdue",
        .missUpload: "camera {} will miss it: {} of upload left",
        .missCooling: "camera {} will miss it: its receipts must grow older for {}",
        .missErase: "camera {} will miss it: {} of emptying left",
        .missCharge: "camera {} will miss it: {} of charging left", .missAttention: "camera {} needs a person: {}",
        .missUnknown: "camera {}: nobody can say yet when it is ready", .takeFirst: "Take in this order",
        .returned: "Returned", .camera: "Camera", .outcome: "Outcome", .emptied: "safe and emptied",
        .kept: "safe, footage kept on it", .cooling: "safe, emptied later", .incomplete: "not delivered everywhere yet",
        .interrupted: "broken off", .running: "being dealt with", .battery: "Battery", .clock: "Clock",
        .ahead: "{} s ahead", .behind: "{} s behind", .findings: "Findings", .start: "Begins", .length: "Length",
        .preRecord: "Pre-record", .present: "there", .short: "{} s missing", .missing: "missing", .unknown: "not known",
        .verification: "Verified by", .safeOf: "{} of {} safe",
        .attestationSigned: "Nothing was recorded: the camera's signed list is empty, and no footage lay on it.",
        .attestationManifest:
            "Nothing was recorded: the camera's list is empty, and no footage lay on it. Nobody signed the list.",
        .attestationFound:
            "No footage lay on it. This camera keeps no list that would show whether something was recorded and removed.",
        .manual: "Times of recordings are those of the camera's own clock.", .badge: "Badge", .reasons: "Reasons",
        .bay: "Bay", .none: "none", .ofVault: "vault {}", .ofRecording: "recording {}", .files: "{} files",
        .oneFile: "{} file",
        .missingSeconds: "{} s missing", .missingBytes: "{} missing", .missingItems: "{} missing", .point: "Point",
        .recording: "Recording",
        .matchedManifest: "the camera's list", .matchedSHA256: "its SHA-256", .matchedMD5: "its MD5",
        .firstRead: "two reads", .singleRead: "one read", .mismatch: "differs", .partial: "read in part",
    ]

    private static let dutch: [Phrase: String] = [
        .title: "Dienstrapport", .dock: "Dock", .shift: "Dienst", .edition: "Editie", .made: "Opgemaakt",
        .openPoints: "Open punten",
        .nothingOpen: "Er staat niets open: alle camera's zijn terug en alle beelden zijn veilig.",
        .notReturned: "Niet teruggebracht", .notSafe: "Beelden nog niet veilig",
        .held: "Vastgehouden: iemand moet kijken", .lastSeen: "laatst gezien {}", .wornBy: "gedragen door {}",
        .teams: "Teams", .team: "Team", .noTeam: "geen team", .all: "Totaal",
        .dockings: "Teruggebracht", .recordings: "Opnamen", .duration: "Beeld", .volume: "Omvang",
        .warned: "Gewaarschuwd", .warningBefore: "vooraf", .warningAfter: "achteraf", .warningNone: "niet gegeven",
        .warningUnknown: "niet vastgelegd", .noneKnown: "niet bekend", .nextShift: "Volgende dienst: {}, {}",
        .noNextShift: "Binnen een week begint geen dienst.", .readyOf: "{} van {} klaar om {}",
        .missAway: "camera {} is er niet", .missOverdue: "camera {} is te laat",
        .missUpload: "camera {} haalt het niet: nog {} te verzenden",
        .missCooling: "camera {} haalt het niet: de ontvangstbewijzen moeten nog {} ouder worden",
        .missErase: "camera {} haalt het niet: nog {} te legen",
        .missCharge: "camera {} haalt het niet: nog {} te laden", .missAttention: "camera {} vraagt aandacht: {}",
        .missUnknown: "camera {}: nog niet te zeggen wanneer hij klaar is", .takeFirst: "Pak in deze volgorde",
        .returned: "Terug", .camera: "Camera", .outcome: "Uitkomst", .emptied: "veilig en geleegd",
        .kept: "veilig, beelden blijven erop", .cooling: "veilig, wordt later geleegd",
        .incomplete: "nog niet overal afgeleverd", .interrupted: "afgebroken", .running: "wordt verwerkt",
        .battery: "Accu", .clock: "Klok", .ahead: "{} s voor", .behind: "{} s achter", .findings: "Bevindingen",
        .start: "Begint", .length: "Duur", .preRecord: "Vooropname", .present: "aanwezig",
        .short: "{} s ontbreekt", .missing: "ontbreekt", .unknown: "niet bekend", .verification: "Controle",
        .safeOf: "{} van {} veilig",
        .attestationSigned:
            "Er is niets opgenomen: de ondertekende lijst van de camera is leeg en er stonden geen beelden op.",
        .attestationManifest:
            "Er is niets opgenomen: de lijst van de camera is leeg en er stonden geen beelden op. Niemand heeft de lijst ondertekend.",
        .attestationFound:
            "Er stonden geen beelden op. Deze camera houdt geen lijst bij waaruit blijkt of er iets is opgenomen en verwijderd.",
        .manual: "Tijden van opnamen zijn die van de klok van de camera.", .badge: "Dienstnummer", .reasons: "Redenen",
        .bay: "Plaats", .none: "geen", .ofVault: "opslag {}", .ofRecording: "opname {}", .files: "{} bestanden",
        .oneFile: "{} bestand",
        .missingSeconds: "{} s ontbreekt", .missingBytes: "{} ontbreekt", .missingItems: "{} ontbreken",
        .point: "Punt", .recording: "Opname", .matchedManifest: "cameralijst",
        .matchedSHA256: "SHA-256 ernaast",
        .matchedMD5: "MD5 ernaast", .firstRead: "twee keer lezen", .singleRead: "één keer lezen",
        .mismatch: "wijkt af", .partial: "deels gelezen",
    ]
}
