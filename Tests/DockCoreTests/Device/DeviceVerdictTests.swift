import Testing

@testable import DockCore

@Suite struct DeviceVerdictTests {
    private func verdict(_ models: [String] = [], _ change: (inout DeviceFacts) -> Void) -> DeviceVerdict {
        var device = DeviceFacts.camera(at: BayStory.port("1"))
        change(&device)
        return device.verdict(DockingSettings(usbModels: models.compactMap { USBModel($0) }))
    }

    private func isRefused(_ verdict: DeviceVerdict, _ word: String) -> Bool {
        if case .refused(let reason) = verdict { reason.contains(word) } else { false }
    }

    private func node(_ verdict: DeviceVerdict) -> String? {
        if case .volume(let volume, _) = verdict { volume.node } else { nil }
    }

    @Test func aCameraIsOnePartitionOfAKnownType() {
        for type in ["vfat", "msdos", "exfat", "ext2", "ext3", "ext4"] {
            #expect(node(verdict { $0.disks[0].partitions[0].type = type }) == "/dev/sda1", "\(type)")
        }
        for type in ["ntfs", "hfsplus", "crypto_LUKS", "LVM2_member", "", "VFAT"] {
            #expect(isRefused(verdict { $0.disks[0].partitions[0].type = type }, "file system is \(type)"), "\(type)")
        }
    }

    @Test func anEndlessTypeIsCut() {
        let long = verdict { $0.disks[0].partitions[0].type = String(repeating: "x", count: 5000) }
        guard case .refused(let reason) = long else { Issue.record("let in"); return }
        #expect(reason.count < 200)
    }

    @Test func aVolumeInWhichUdevSeesNothingIsLookedAtIfItIsTheOnlyOne() {
        #expect(node(verdict { $0.disks[0].partitions[0].type = nil }) == "/dev/sda1", "an interrupted erase")
        #expect(node(verdict { $0.disks[0].partitions = [] }) == "/dev/sda")
        let two = verdict {
            $0.disks[0].partitions[0].type = nil
            $0.disks[0].partitions.append($0.disks[0].partitions[0])
        }
        #expect(isRefused(two, "2 partitions without a file system"))
    }

    @Test func theOnePartitionWithAFileSystemIsTheVolume() {
        let other = verdict {
            $0.disks[0].partitions.insert(VolumeFacts(node: "/dev/sda0", number: 1, bytes: 512), at: 0)
        }
        #expect(node(other) == "/dev/sda1")
    }

    @Test func whatIsNotSettledIsWaitedFor() {
        #expect(verdict { $0.disks[0].isSettled = false } == .notYet("the kernel is looking for its disk"))
        #expect(verdict { $0.disks = [] } == .notYet("the kernel is looking for its disk"))
        #expect(verdict { $0.interfaces = [.vendor] } == .notYet("it shows no disk yet"))
        #expect(verdict { $0.interfaces = [] } == .notYet("it shows no disk yet"))
        #expect(verdict { $0.disks[0].bytes = 0 } == .notYet("it has no medium in it"))
        let slots = verdict {
            $0.disks.append($0.disks[0])
            ($0.disks[1].bytes, $0.disks[1].isSettled) = (0, false)
        }
        #expect(slots == .notYet("the kernel is looking for its disk"), "its second slot may have a card too")
    }

    @Test func whateverOffersMoreThanStorageIsRefused() {
        for kind: UInt8 in [1, 2, 3, 6, 7, 9, 10, 14, 224, 255] {
            for order in [true, false] {
                let other = USBInterface(kind: kind, subclass: 0, proto: 0)
                let composite = verdict { $0.interfaces = order ? [.storage, other] : [other, .storage] }
                #expect(isRefused(composite, "beside mass storage"), "\(other)")
            }
        }
        #expect(isRefused(verdict { ($0.interfaces, $0.disks) = ([.keyboard], []) }, "keyboard"))
        #expect(isRefused(verdict { ($0.interfaces, $0.disks) = ([.vendor, .keyboard], []) }, "keyboard"))
        let old = USBInterface(kind: 8, subclass: 4, proto: 0)
        #expect(!old.isMassStorage && node(verdict { $0.interfaces = [old] }) == nil)
        let uas = USBInterface(kind: 8, subclass: 6, proto: 0x62)
        #expect(node(verdict { $0.interfaces = [.storage, uas] }) == "/dev/sda1")
    }

    @Test func onlyListedModelsAreLetInWhereThereIsAList() {
        #expect(isRefused(verdict(["1111:2222"]) { _ in }, "46f4:0001"))
        #expect(node(verdict(["1111:2222", "46f4:0001"]) { _ in }) != nil)
        #expect(isRefused(verdict(["1111:2222"]) { ($0.interfaces, $0.disks) = ([.vendor], []) }, "46f4:0001"))
    }

    @Test func aUSBModelIsFourAndFourDigits() {
        #expect(USBModel("46F4:00aB") == USBModel(vendor: 0x46f4, product: 0xab))
        #expect(USBModel(vendor: 0x46f4, product: 0xab).description == "46f4:00ab")
        #expect(USBModel(vendor: 0, product: 0xffff).description == "0000:ffff")
        for text in [
            "", ":", "46f4", "46f4:", "46f4:001", "46f4:00001", "46f4:0001:", " 46f4:0001", "46f4:+001", "46f4:-001",
            "46g4:0001", "46f4;0001", "０１:0001", "4６:0001", "46f4:0001\n", "0x46:0001",
        ] {
            #expect(USBModel(text) == nil, "\(text)")
        }
    }
}
