import DockHandover
import DockTestSupport
import Foundation
import Testing

@testable import DockBoard
@testable import DockCore

/// What stands on the board.
@Suite struct BoardPageTests {
    private static func page(_ feed: BoardFeed, _ language: HandoverSettings.Language = .en) -> String {
        BoardPage.page(feed.edition(language).parts, title: "Dock", .of(language)).html
    }

    private static func tile(_ bay: BayStatus, _ language: HandoverSettings.Language = .en) -> String {
        SampleDock.feed(SampleDock.status([bay])).edition(language).parts.bays[0].markup.html
    }

    @Test(arguments: HandoverSettings.Language.allCases) func noPhraseIsMissingAndNoneIsLeftOver(
        language: HandoverSettings.Language
    ) {
        let phrases = Phrases.of(language)
        #expect(phrases.keys == Phrases.used)
        #expect(phrases.keys.allSatisfy { !phrases[$0].isEmpty })
    }

    @Test func phrasesTakeTheSameValuesInEveryLanguage() {
        for key in Phrases.used {
            let values = HandoverSettings.Language.allCases.map { language in
                Phrases.of(language)[key].matches(of: /\{\d\}/).map { String($0.output) }.sorted()
            }
            #expect(Set(values).count == 1, "\(key): \(values)")
        }
    }

    @Test(arguments: BayStatus.State.allCases) func eachStateIsAColourAShapeAWordAndWhatToDo(state: BayStatus.State) {
        for language in HandoverSettings.Language.allCases {
            let phrases = Phrases.of(language)
            let tile = Self.tile(SampleDock.bay("A1", state, camera: "BWC7"), language)
            #expect(tile.contains("class=\"tile \(TileKind(state).rawValue)\" data-state=\"\(state.rawValue)\""))
            #expect(tile.contains(TileKind(state).shape.html) && tile.contains("<bdi>A1</bdi>"))
            #expect(tile.contains("<b>\(phrases["state.\(state.rawValue)"])</b>"))
            #expect(tile.contains(">\(Markup.escaped(phrases["do.\(state.rawValue)"]))</p>"))
        }
    }

    @Test func shapesDiffer() {
        #expect(Set(TileKind.allCases.map(\.shape.html)).count == TileKind.allCases.count)
    }

    @Test func onlyReadySaysTake() {
        #expect(BayStatus.State.allCases.filter { TileKind($0) == .take } == [.ready])
    }

    @Test func progressSaysHowFarAndHowLong() {
        // The status is ten seconds old.
        let tile = Self.tile(SampleDock.bay("1", .reading, percent: 42, left: 700))
        #expect(tile.contains("<progress max=100 value=42 aria-label=\"42 % done\">") && tile.contains("12 min left"))
        #expect(Self.tile(SampleDock.bay("1", .reading, percent: 42, left: 700), .nl).contains("nog 12 min"))
        #expect(Self.tile(SampleDock.bay("1", .reading, percent: 99, left: 5)).contains("&lt; 1 min left"))
        #expect(Self.tile(SampleDock.bay("1", .reading, percent: 1, left: 3900)).contains("1 h 05 left"))
        #expect(Self.tile(SampleDock.bay("1", .reading, percent: 1, left: .infinity)).contains("very long left"))
        #expect(!Self.tile(SampleDock.bay("1", .ready)).contains("<progress"))
    }

    /// Some cameras put the badge into the names of files: what quotes one is told to team leaders alone. Here it stands wherever a
    /// status may hold a text that a camera or a person wrote.
    @Test func nobodyIsNamed() throws {
        let file = "DCIM/4711_0001.mp4"
        let finding = Finding(
            .hashWrong, recording: "4711_0001", path: try CameraPath(Array(file.utf8)), missing: .bytes(4711),
            holds: true,
            "4711 differs")
        let causes = [
            Cause(finding), Cause(.heldByPerson("worn by 4711")),
            Cause(.state(.undelivered), vault: "archive", count: 2),
        ]
        var held = SampleDock.bay("1", .held, camera: "BWC7", wearer: "4711", reasons: [finding.description])
        held.causes = causes
        held.steps = [ReleaseStep(.provision, worked: false, "cannot write \(file)")]
        let old = SampleDock.bay("2", .held, camera: "BWC8", reasons: ["\(file): told by an older version"])
        var status = SampleDock.status([held, old], vaults: [SampleDock.vault("archive", .away)])
        (status.vaults[0].why, status.vaults[0].next) = ("cannot store \(file)", "look at \(file)")
        status.cameras = CameraPool(members: [.init("BWC7", wearer: "4711")]).readiness(
            status.bays, at: SampleDock.noon, .utc)
        let shift = Shift(
            name: "late", date: CivilDate(days: 1), start: SampleDock.noon.adding(seconds: 3600),
            end: SampleDock.noon.adding(seconds: 7200))
        status.next = ReadinessForecast(status.cameras, for: shift, roster: Roster(), at: SampleDock.noon)
        #expect(status.next?.missed.first?.reasons == [finding.description], "the sample is worth something")
        status.alarms = Alarm.Kind.allCases.map { kind in
            var alarm = Alarm(
                .init(kind, "BWC7"), what: "4711", next: "see \(file)",
                matter: .held(camera: "BWC7", bay: "1", cause: causes[0]),
                raised: SampleDock.noon)
            alarm.by = "4711"
            return alarm
        }
        let feed = SampleDock.feed(status)
        for language in HandoverSettings.Language.allCases { #expect(!Self.page(feed, language).contains("4711")) }
        #expect(!feed.report.line.contains("4711"), "\(feed.report.line)")
        let shown = try #require(feed.moment.status)
        #expect(shown.bays[0].causes?.map(\.code.rawValue) == ["hashWrong", "heldByPerson", "undelivered"])
        #expect(shown.bays[0].reasons.first == "a file is not what the camera lists" && shown.bays[1].reasons.isEmpty)
        #expect(shown.withoutPeople == shown)
        let text = Metrics(feed.moment, streams: 0, requests: [:]).text
        #expect(!text.contains("4711"))
    }

    @Test func whatACameraSaysStaysText() {
        let evil = "<img src=x onerror=alert(1)>\"'&\u{0}\u{202e}"
        let bay = SampleDock.bay(evil, .held, camera: evil, reasons: [evil])
        var status = SampleDock.status([bay], vaults: [SampleDock.vault(evil, .away)])
        status.dock = evil
        let feed = SampleDock.feed(status)
        for language in HandoverSettings.Language.allCases {
            let page = BoardPage.page(feed.edition(language).parts, title: evil, .of(language)).html
            #expect(!page.contains("<img") && !page.contains("\u{0}") && !page.contains("\u{202e}"))
            #expect(page.components(separatedBy: "&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;").count == 6)
        }
    }

    @Test func vaultsInTroubleAreSaidAndTheirDetailsAreNot() {
        let vaults = [SampleDock.vault("archive", .working), SampleDock.vault("cloud", .stopped)]
        let page = Self.page(SampleDock.feed(SampleDock.status([], vaults: vaults)))
        #expect(page.contains("Store cloud refuses") && page.contains("since 07:50") && !page.contains("secret host"))
        #expect(!page.contains("Store archive") && page.contains("No camera is plugged in"))
    }

    @Test func alarmsThatNoTileShowsAreSaidWithoutBadges() {
        func alarm(_ kind: Alarm.Kind, _ subject: String = "") -> Alarm {
            Alarm(.init(kind, subject), what: "worn by 4711", next: "4711", raised: SampleDock.noon)
        }
        var status = SampleDock.status([SampleDock.bay("1", .held, camera: "BWC7")])
        status.alarms = [
            alarm(.heldCamera, "BWC7"), alarm(.vaultDown, "archive"), alarm(.heldCamera, "BWC8"),
            alarm(.overdueCamera, "BWC9"), alarm(.rosterWrong),
        ]
        let page = Self.page(SampleDock.feed(status))
        for text in ["Camera BWC8 is held", "Camera BWC9 did not come back", "The roster cannot be read"] {
            #expect(page.contains("<b>\(text)</b>"), "\(text)")
        }
        #expect(!page.contains("Camera BWC7 is held") && !page.contains("archive") && !page.contains("4711"))
        status.alarms += [alarm(.nightFailed, "2027-01-14"), alarm(.clockDrift, "BWC1")]
        #expect(Self.page(SampleDock.feed(status)).contains("and 2 more"))
    }

    @Test func theNextShiftAndTheCameraToTakeFirstAreSaid() {
        let bays = [
            SampleDock.bay("1", .ready, camera: "A", battery: 60),
            SampleDock.bay("2", .ready, camera: "B", battery: 90),
        ]
        var status = SampleDock.status(bays)
        status.cameras = CameraPool(members: [.init("A"), .init("B"), .init("C")]).readiness(
            bays, at: SampleDock.noon, .utc)
        let shift = Shift(
            name: "late", date: CivilDate(days: 1), start: SampleDock.noon.adding(seconds: 3600),
            end: SampleDock.noon.adding(seconds: 7200))
        status.next = ReadinessForecast(status.cameras, for: shift, roster: Roster(), at: SampleDock.noon)
        let parts = SampleDock.feed(status).edition(.nl).parts
        #expect(parts.frame[0].markup.html.contains("2 van 3 klaar om 09:00: dienst late"))
        #expect(parts.bays.map { $0.markup.html.contains("Neem deze eerst") } == [false, true])
    }

    @Test func aFullSpoolIsSaid() {
        #expect(Self.page(SampleDock.feed(SampleDock.status([], free: 1))).contains("disk is nearly full"))
    }

    @Test func aBoardThatHearsNothingSaysSo() {
        let feed = SampleDock.feed(nil)
        #expect(Self.page(feed).contains("No contact with the dock yet"))
        feed.show(SampleDock.everyState)
        #expect(!Self.page(feed).contains("No contact"))
        feed.lose()
        let page = Self.page(feed, .nl)
        #expect(page.contains("Geen contact met het dock sinds 08:00") && page.contains("<ul id=notices class=lost>"))
        #expect(page.contains("BWC0"), "what was known stays")
        feed.show(SampleDock.everyState)
        #expect(!Self.page(feed).contains("No contact"))
    }

    @Test func onlyWhatChangedIsSent() throws {
        let bays = [SampleDock.bay("1", .ready), SampleDock.bay("2", .reading, percent: 1)]
        let feed = SampleDock.feed(SampleDock.status(bays))
        let first = feed.edition(.en)
        #expect(feed.frame(.en, since: first).event == nil)
        feed.show(SampleDock.status([bays[0], SampleDock.bay("2", .reading, percent: 2)]))
        let (second, event) = feed.frame(.en, since: first)
        let text = String(buffer: try #require(event))
        #expect(text.hasPrefix("event: parts\ndata: {\"bay-1\":") && text.hasSuffix("}\n\n"))
        #expect(!text.contains("bay-0") && !text.contains("notices"))
        feed.show(SampleDock.status(bays + [SampleDock.bay("3", .held)]))
        let third = String(buffer: try #require(feed.frame(.en, since: second).event))
        #expect(third.contains("\"bays\":") && third.contains("\"head\":"))
    }

    @Test(
        arguments: [
            ("nl", nil, "en", "nl"), (nil, nil, nil, "en"), ("de", nil, "nl-NL,nl;q=0.9,en;q=0.8", "nl"),
            (nil, .en, "nl", "en"), ("nl", .en, "en", "nl"), (nil, nil, "de, en;q=0.4, nl;q=0.5", "nl"),
            (nil, nil, "nl;q=0, fr", "en"), (nil, nil, ";;;,,q=,=;nl", "en"), (nil, nil, "NL", "nl"),
        ] as [(String?, HandoverSettings.Language?, String?, String)])
    func languages(query: String?, configured: HandoverSettings.Language?, accepted: String?, expected: String) {
        let chosen = HandoverSettings.Language.chosen(query: query, configured: configured, accepted: accepted)
        #expect(chosen.rawValue == expected)
    }

    @Test func thePageWorksWithoutItsScriptAndBringsNothingInline() {
        let page = Self.page(SampleDock.feed(SampleDock.everyState))
        #expect(page.contains("<noscript><meta http-equiv=refresh content=5></noscript>"))
        #expect(!page.contains(" style=") && !page.contains("<style") && !page.contains("javascript:"))
        #expect(page.matches(of: /<script/).count == 1 && !page.contains("//"))
        #expect(page.contains("<html lang=en>") && Self.page(SampleDock.feed(nil), .nl).contains("<html lang=nl>"))
    }
}
