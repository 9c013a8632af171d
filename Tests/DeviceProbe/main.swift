import DockCore
import DockDevices
import DockTestSupport
import Foundation

// Looks at devices as the agent does, on a machine that umockdev makes up, or on the real one. A process of its own, because
// umockdev must be loaded before the C library opens anything.
// Usage: DeviceProbe [BYTES-OF-THE-MONITOR]
// Reads a ProbeCommand (JSON) a line, and answers each with a ProbeAnswer a line.

let decoder = JSONDecoder()
let encoder = JSONEncoder()
encoder.outputFormatting = .withoutEscapingSlashes

let session = try ProbeSession(bufferBytes: CommandLine.arguments.dropFirst().first.flatMap { Int32($0) } ?? 1 << 20)
while let line = readLine() {
    let command = try decoder.decode(ProbeCommand.self, from: Data(line.utf8))
    FileHandle.standardOutput.write(try encoder.encode(try session.answer(command)) + [10])
}
session.close()
