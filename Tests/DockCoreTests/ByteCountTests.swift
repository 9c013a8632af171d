import DockCore
import Testing

@Suite struct ByteCountTests {
    @Test(
        arguments: [
            ("0", 0), ("4096", 4096), ("4096 B", 4096), ("4096B", 4096), ("1 kB", 1000), ("1KB", 1000),
            ("10 GB", 10_000_000_000),
            ("16 MiB", 16 << 20), ("16MiB", 16 << 20), ("2 KiB", 2048), ("1 GiB", 1 << 30), ("3 TiB", 3 << 40),
            ("1.5 TB", 1_500_000_000_000),
            ("0.5 KiB", 512), ("1.50000000000000000000000 kB", 1500), ("9223372036854775807", Int64.max),
        ] as [(String, Int64)])
    func readsWhatPeopleWrite(text: String, bytes: Int64) { #expect(ByteCount.parse(text) == bytes) }

    @Test(arguments: [
        "", " ", "B", "MB", "-1", "+1", "1 ", " 1", "1  MB", "1\tMB", "1 mb", "1 Mb", "1 gib", "1 XB", "1e3", "1.",
        ".5 MB", "1. MB",
        "1.5", "0.0001 kB", "0.0000000000000000000000000001 TB", "9223372036854775808", "8388608 TiB",
        "9999999999999999999 B",
        "1 MB MB", "1,5 MB", "٣ MB",
    ])
    func refusesEverythingElse(text: String) { #expect(ByteCount.parse(text) == nil) }

    @Test(
        arguments: [
            (0, "0 B"), (999, "999 B"), (1000, "1 kB"), (1500, "1.5 kB"), (1_549, "1.5 kB"), (1_550, "1.6 kB"),
            (999_949, "999.9 kB"),
            (999_950, "1 MB"), (1_500_000_000, "1.5 GB"), (10_000_000_000_000, "10 TB"), (-2_000_000, "-2 MB"),
            (Int64.max, "9223372 TB"), (Int64.min, "-9223372 TB"),
        ] as [(Int64, String)])
    func writesOneDecimalAtMost(bytes: Int64, text: String) { #expect(ByteCount.text(bytes) == text) }
}
