import DockCore
import Glibc

/// Runs a program of the system: no shell, nothing to read, no descriptor of ours, hardly any environment, and an end.
public enum ChildProcess {
    /// What a program left behind.
    public struct Result: Sendable, Equatable {
        /// Its exit status, 0 to 255.
        public let status: Int32
        /// What it wrote to its standard output; what is not UTF-8 is repaired.
        public let output: String
        /// What it wrote to its standard error; what is not UTF-8 is repaired.
        public let errors: String
        /// Whether it wrote more than was kept.
        public let isCut: Bool
    }

    /// Where programs are looked for, in this order.
    public static let folders = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"]

    /// Starts `program` (a name that is looked up in ``folders``, or an absolute path) with `arguments` (without its own
    /// name), and waits until it has ended. When `seconds` are over, it and the processes of its group are killed.
    /// - Parameter outputLimit: how many bytes of each stream are kept; the rest is read and dropped.
    /// - Throws: ``DockError/Code/notFound`` if there is no such program, ``DockError/Code/limit`` if its time was over,
    ///   ``DockError/Code/io`` if a signal ended it. An exit status other than 0 is an answer, not an error.
    public static func run(
        _ program: String, _ arguments: [String], timeout seconds: Double, outputLimit: Int = 65_536
    ) throws(DockError) -> Result {
        let path = try find(program)
        let ending: RunningChild.Ending
        do {
            var child = try RunningChild(path, arguments)
            ending = try child.wait(seconds: max(0, min(seconds, 86_400)), keeping: max(0, outputLimit))
        } catch {
            throw error.error("cannot run a program", at: path, next: "look at the limits of the service")
        }
        switch ending {
        case .exited(let status, let output, let errors):
            return Result(
                status: status, output: output.text, errors: errors.text, isCut: output.isCut || errors.isCut)
        case .signalled(let signal):
            throw DockError(
                .io, "a program did not finish its work", at: path, because: "signal \(signal) ended it",
                next: "look at the journal of the system", isPassing: true)
        case .outOfTime(let isGone):
            throw DockError(
                .limit, "a program did not finish its work", at: path,
                because: "it had not ended after \(seconds) s"
                    + (isGone ? " and was killed" : ", and the kernel cannot end it either: a device does not answer"),
                next: "unplug the device that it worked on, or try again", isPassing: true)
        }
    }

    private static func find(_ program: String) throws(DockError) -> String {
        let isAbsolute = program.hasPrefix("/")
        let candidates = isAbsolute ? [program] : folders.map { $0 + "/" + program }
        guard isAbsolute || !(program.isEmpty || program.contains("/")),
            let path = candidates.first(where: { access($0, X_OK) == 0 })
        else {
            throw DockError(
                .notFound, "cannot run a program", at: program, because: "it is not installed",
                next: "install the package that has it")
        }
        return path
    }
}
