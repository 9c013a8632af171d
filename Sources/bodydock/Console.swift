import ArgumentParser
import DockCore
import Foundation

/// What the program says, and where. Results go to standard output; errors and progress go to standard error, so that
/// output can be piped. Every error names what, where, why, and what to do next.
enum Console {
    /// A line of result.
    static func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

    /// A value as one line of JSON.
    static func say(json value: some Encodable) throws(DockError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do { say(String(decoding: try encoder.encode(value), as: UTF8.self)) } catch {
            throw DockError(.library, "cannot print", at: "JSON", because: "\(error)", next: "report this")
        }
    }

    /// A text of result, with its own line ends.
    static func print(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }

    /// An error, with the step that helps.
    static func complain(_ error: any Error) {
        if let error = error as? DockError {
            warn("bodydock: \(error.what): \(error.place): \(error.why)\n  next: \(error.next)")
        } else {
            warn("bodydock: \(error)")
        }
    }

    /// A line on standard error.
    static func warn(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }

    /// Whether standard output is a terminal.
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
}

extension ExitCode {
    /// Footage is kept on the camera; a person must look.
    static let held = ExitCode(2)
    /// Delivery is not complete; safe to run again.
    static let incomplete = ExitCode(3)
    /// The configuration is wrong (EX_CONFIG of sysexits.h).
    static let configuration = ExitCode(78)
}
