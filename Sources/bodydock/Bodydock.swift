import ArgumentParser
import DockAgent

/// The program: one file for each subcommand.
@main struct Bodydock: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bodydock",
        abstract:
            "Takes in the footage of body-worn cameras: verifies, seals, delivers, and only then empties the camera.",
        version: Offload.version,
        subcommands: [
            RunCommand.self, OffloadCommand.self, StatusCommand.self, BaysCommand.self, ReleaseCommand.self,
            RetryCommand.self, HoldCommand.self, RetentionCommand.self, HandoverCommand.self, AlarmsCommand.self,
            NightlyCommand.self, LedgerCommand.self, EvidenceCommand.self, AuditCommand.self, UnsealCommand.self,
            KeysCommand.self, BoardCommand.self,
            ConfigCommand.self, CameraCommand.self,
        ])
}
