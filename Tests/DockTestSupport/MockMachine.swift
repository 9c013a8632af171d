import DockCore
import Foundation

/// A machine with devices that are only described: `/sys` and `/dev` by umockdev, udev's records in a `/run` of its own. The
/// program `DeviceProbe` runs on it. Needs root.
public enum MockMachine {
    /// Does the commands, on a new machine, and returns their answers.
    /// - Parameter isMocked: false for the real `/sys` and netlink, in a network of its own.
    public static func run(_ commands: [ProbeCommand], isMocked: Bool = true) throws -> [ProbeAnswer] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        let input = try commands.flatMap { try encoder.encode($0) + [10] }
        let script = """
            mount -t tmpfs none /run && mkdir -p /run/udev/data && : > /run/udev/control || exit 99
            exec env \(isMocked ? "LD_PRELOAD=libumockdev-preload.so.0 G_SLICE=always-malloc" : "") "$@"
            """
        let result = try Tool.run(
            "unshare",
            ["--mount"] + (isMocked ? [] : ["--net"]) + ["sh", "-c", script, "sh", program]
                + (isMocked ? [] : ["8192"]), input: Data(input))
        let lines = result.output.split(separator: 10)
        guard result.status == 0, lines.count == commands.count else {
            throw RigFailure(
                "DeviceProbe answered \(lines.count) of \(commands.count) commands, status \(result.status): \(result.errors)"
            )
        }
        return try lines.map { try JSONDecoder().decode(ProbeAnswer.self, from: Data($0)) }
    }

    /// Lies beside the test's own program.
    private static let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("DeviceProbe").path
}
