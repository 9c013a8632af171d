import Testing

@testable import DockConfig

@Suite struct QuantityTests {
    @Test(
        arguments: [
            ("30s", 30), ("28d", 28 * 86_400), ("1h 30m", 5400), ("1h30min", 5400), ("1.5 h", 5400), ("250ms", 0.25),
            ("2w 1d", 1_296_000),
            ("0s", 0), ("0.001 s", 0.001), ("36500 d", 3_153_600_000),
        ] as [(String, Double)])
    func durationsAreRead(text: String, seconds: Double) {
        #expect(Quantity.seconds(text) == seconds)
    }

    @Test(arguments: [
        "", "30", "s", "-1s", "+1s", "1 hour", "30m 1h", "1h 1h", "1h  30m", "1h ", " 1h", "1.s", ".5s", "1,5h",
        "0.0001 s", "1S", "1d30",
        "36501 d", "99999999999999999999s", "1e3s", "١s", "1s\n",
    ])
    func otherTextIsNoDuration(text: String) {
        #expect(Quantity.seconds(text) == nil)
    }

    @Test(
        arguments: [
            ("20 Mbit/s", 20_000_000), ("20Mbit/s", 20_000_000), ("1.5 Gbit/s", 1_500_000_000), ("64 kbit/s", 64_000),
            ("1 bit/s", 1),
            ("0 bit/s", 0),
        ] as [(String, Int64)])
    func ratesAreRead(text: String, bits: Int64) {
        #expect(Quantity.bitsPerSecond(text) == bits)
    }

    @Test(arguments: [
        "", "20", "20 Mb/s", "20 MB/s", "20 Mbps", "20 mbit/s", "-1 bit/s", "0.5 bit/s", "20  Mbit/s", "20 Mbit/s ",
        "20 Mbit",
        "999999999999999 Gbit/s",
    ])
    func otherTextIsNoRate(text: String) {
        #expect(Quantity.bitsPerSecond(text) == nil)
    }
}
