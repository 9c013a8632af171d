import Testing

@testable import DockCore

/// What is plugged in, until it is let in or not.
@Suite struct BayDeviceTests {
    @Test func aCameraIsReadAsSoonAsItShowsAVolume() {
        let dock = BayStory()
        dock.plug("2")
        #expect(dock.words == ["offload 2"])
        #expect(dock.run("2").order.volume.node == "/dev/sda1")
        #expect(dock.run("2").order.device == dock.plugged["2"])
        #expect(dock.state("1") == .empty && dock.state("2") == .reading && dock.state("3") == .empty)
    }

    @Test func aCameraThatBeginsInControlModeIsSeenAndReadWhenItsDiskComes() {
        let dock = BayStory()
        dock.plug("1") { ($0.interfaces, $0.disks) = ([.vendor], []) }
        #expect(dock.words == [] && dock.state("1") == .seen)
        #expect(dock.status("1").reasons == ["it shows no disk yet"])
        dock.pull("1")
        #expect(dock.state("1") == .empty, "it leaves the bus to come back as something else")
        dock.plug("1") { $0.disks = [] }
        #expect(dock.words == [] && dock.status("1").reasons == ["the kernel is looking for its disk"])
        dock.change("1") { $0.disks = DeviceFacts.camera(at: $0.port).disks }
        #expect(dock.words == ["offload 1"])
    }

    @Test func partitionsAreWaitedForUntilUdevIsDone() {
        let dock = BayStory()
        dock.plug("1") { ($0.disks[0].partitions, $0.disks[0].isSettled) = ([], false) }
        #expect(dock.words == [] && dock.state("1") == .seen)
        let since = dock.now
        dock.wait(3)
        dock.change("1") { $0.disks[0].partitions = DeviceFacts.camera(at: $0.port).disks[0].partitions }
        #expect(dock.words == [], "udev has not looked at the partition yet")
        #expect(dock.status("1").seconds == dock.now.seconds(since: since), "the same wait goes on")
        dock.change("1") { $0.disks[0].isSettled = true }
        #expect(dock.words == ["offload 1"])
    }

    @Test func aDiskWithoutPartitionTableIsReadAsAWhole() {
        let dock = BayStory()
        dock.plug("1") {
            $0.disks[0].partitions = []
            $0.disks[0].whole.type = "vfat"
        }
        #expect(dock.words == ["offload 1"] && dock.run("1").order.volume.node == "/dev/sda")
    }

    @Test func aKeyboardBesideADiskIsRefusedAndWrittenDownOnce() {
        let dock = BayStory()
        dock.plug("1") { $0.interfaces = [.storage, .keyboard] }
        #expect(dock.words == ["refuse 1"] && dock.state("1") == .refused)
        guard case .refuse(let refused)? = dock.actions.first else { return }
        #expect(refused.reason.contains("keyboard") && refused.port == BayStory.port("1") && refused.camera == nil)
        dock.change("1") { $0.disks[0].whole.label = "X" }
        dock.tell(.devices([dock.plugged["1"]!]))
        dock.wait(100)
        dock.retry("1")
        #expect(dock.words == [] && dock.state("1") == .refused && dock.wakes == 0)
        dock.pull("1")
        #expect(dock.state("1") == .empty)
        dock.plug("1") { $0.interfaces = [.storage, .keyboard] }
        #expect(dock.words == ["refuse 1"], "another visit is another entry")
    }

    @Test func aReasonThatChangedIsWrittenDownWhenItIsLookedAtAgain() {
        let dock = BayStory()
        dock.plug("1") { $0.disks[0].partitions[0].type = "ntfs" }
        dock.change("1") { $0.disks[0].partitions = Array(repeating: $0.disks[0].partitions[0], count: 2) }
        dock.retry("1")
        #expect(dock.words == ["refuse 1"] && dock.status("1").reasons[0].contains("2 file systems"))
        dock.retry("1")
        #expect(dock.words == [])
    }

    @Test func aModelThatIsNotListedIsRefused() {
        let dock = BayStory { $0.docking.usbModels = [USBModel("1234:abcd")!] }
        dock.plug("1") { $0.usb.model = USBModel("1234:abcd")! }
        #expect(dock.words == ["offload 1"])
        dock.plug("2")
        #expect(dock.words == ["refuse 2"] && dock.status("2").reasons[0].contains("46f4:0001"))
    }

    @Test func moreThanOneDiskOrFileSystemIsRefusedAndAnEmptySlotIsNot() {
        let dock = BayStory()
        dock.plug("1") { $0.disks.append($0.disks[0]) }
        #expect(dock.words == ["refuse 1"] && dock.status("1").reasons[0].contains("2 disks"))
        dock.plug("2") { $0.disks[0].partitions.append($0.disks[0].partitions[0]) }
        #expect(dock.words == ["refuse 2"] && dock.status("2").reasons[0].contains("2 file systems"))
        dock.plug("3") {
            $0.disks.append($0.disks[0])
            $0.disks[1].bytes = 0
        }
        #expect(dock.words == ["offload 3"])
    }

    @Test func aReaderIsTakenOnceItHasACard() {
        let dock = BayStory()
        dock.plug("1") { $0.disks[0].bytes = 0 }
        #expect(dock.words == [] && dock.status("1").reasons == ["it has no medium in it"])
        dock.swapCard("1", 77)
        #expect(dock.words == ["offload 1"])
    }

    @Test func whatIsRefusedIsLookedAtAgainWithAnotherMedium() {
        let dock = BayStory()
        dock.plug("1") { $0.disks[0].partitions[0].type = "ntfs" }
        #expect(dock.words == ["refuse 1"])
        dock.change("1") {
            $0.disks[0].sequence += 1
            $0.disks[0].partitions[0].type = "vfat"
        }
        #expect(dock.words == ["offload 1"])
    }

    @Test func aDockWithNamedBaysIgnoresItsOtherPorts() {
        let dock = BayStory(bays: ["1"])
        dock.plug("9")
        dock.pull("9")
        #expect(dock.words == [] && dock.bays.status(at: dock.now).map(\.bay) == ["1"])
    }

    @Test func aDockWithoutNamedBaysMakesOneOfEachPortWithADisk() {
        let dock = BayStory(bays: [])
        dock.plug("4") { ($0.interfaces, $0.disks) = ([.keyboard], []) }
        #expect(dock.words == [] && dock.bays.status(at: dock.now).isEmpty)
        dock.plug("5")
        let name = BayStory.port("5").text
        #expect(dock.words == ["offload \(name)"] && dock.bays.status(at: dock.now).map(\.bay) == [name])
        dock.pull("5")
        dock.run(name).ends(.emptied)
        #expect(dock.state(name) == .empty)
        dock.plug("5") { $0.interfaces = [.storage, .keyboard] }
        #expect(dock.words == ["refuse \(name)"], "a port that once had a camera stays a bay")
    }

    @Test func bothHalvesOfASocketAreOneBay() {
        for names in [["1"], []] {
            let dock = BayStory(bays: names)
            dock.plug("1") { $0.peer = BayStory.port("21") }
            let name = dock.bays.status(at: dock.now)[0].bay
            dock.run(name).identifies()
            dock.pull("1")
            dock.run(name).ends(.pulled)
            #expect(dock.state(name) == .away)
            dock.plug("21") { $0.peer = BayStory.port("1") }
            #expect(dock.words == ["offload \(name) going on with D1"], "a bad contact came back at USB 2")
            #expect(dock.status(name).ports == [BayStory.port("21")])
        }
    }

    @Test func aSnapshotAfterLostEventsSetsEverythingRight() {
        let dock = BayStory()
        dock.plug("1")
        dock.plug("2")
        dock.run("2").ends(.kept)
        let (stays, comes) = (dock.plugged["1"]!, dock.device(at: "3"))
        dock.tell(.devices([stays, comes]))
        #expect(dock.words == ["offload 3"])
        #expect(dock.state("1") == .reading && dock.state("2") == .empty)
        dock.tell(.devices([dock.device(at: "1"), comes]))
        #expect(dock.words == ["interrupt 1"])
        dock.tell(.devices([]))
        #expect(dock.words == ["interrupt 3"])
        dock.tell(.devices([]))
        #expect(dock.words == [])
    }
}
