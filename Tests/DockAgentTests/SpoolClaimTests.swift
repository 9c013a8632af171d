import DockCore
import DockSystem
import DockTestSupport
import Testing

@testable import DockAgent

/// A docking and the drain of the spool want the same folder.
@Suite struct SpoolClaimTests {
    private let folder: TemporaryFolder
    private let spool: Spool

    init() throws {
        folder = try TemporaryFolder()
        spool = try Spool(Configuration.Spool(path: folder.at("spool"), keepFree: 0))
    }

    /// A camera that comes back while its footage of before is delivered: it says so, and is the next.
    @Test func whoWaitsForAFolderIsToldAndComesNext() throws {
        try Folder.create(folder.at("spool/D1"))
        var claim = try spool.claim(docking: "D1")
        #expect(claim != nil)
        let (waits, began) = (BoundedQueue<SpoolWait?>(capacity: nil), BoundedQueue<Bool>(capacity: nil))
        let worker = Worker("docking") { [spool] in
            began.send((try? spool.begin(docking: "D1", waits: { waits.send($0) })) != nil)
        }
        #expect(waits.receive() == .some(.delivery))
        #expect(began.receiveIfReady() == nil, "it is still delivered from")
        claim = nil
        #expect(try spool.claim(docking: "D1") == nil)
        #expect(waits.receive() == .some(nil))
        #expect(began.receive() == true)
        worker.join()
    }

    @Test func nobodyBeginsWithAFolderThatADockingWaitsFor() throws {
        try Folder.create(folder.at("spool/D1"))
        spool.traffic.want("D1", 1)
        #expect(try spool.claim(docking: "D1") == nil)
        spool.traffic.want("D1", -1)
        #expect(try spool.claim(docking: "D1") != nil)
    }

    @Test func aCameraThatIsPulledWaitsForNothing() throws {
        try Folder.create(folder.at("spool/D1"))
        let claim = try spool.claim(docking: "D1")
        let error = #expect(throws: DockError.self) { try spool.begin(docking: "D1", shouldStop: { true }) }
        #expect(error?.isPassing == true)
        withExtendedLifetime(claim) {}
    }
}
