import DockCore
import Foundation
import Testing

@testable import DockConfig

/// Files and keys that the tests share.
enum Fixture {
    /// Recipients as age-keygen printed them.
    static let recipient = "age1m4na6p89m7uv4q6zr0qvqpfhshgvyetzftalmwmjz893c3pe0vmqgwyupg"

    /// The smallest complete configuration.
    static let minimal = """
        dock:
          name: stadhuis-1
        state: /var/lib/bodydock        # ledger, spool and keys live here unless placed elsewhere
        sealing:
          recipients: [\(recipient)]
        vaults:
          - name: archive
            type: directory
            path: /srv/evidence
        """

    /// The folder of the checkout.
    static let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// A file of the checkout.
    static func text(_ path: String) throws -> String {
        try String(contentsOfFile: checkout + "/" + path, encoding: .utf8)
    }

    /// Stands for the code that seals: it knows the two recipients that the tests and the example have.
    static func objection(to recipient: String) -> String? {
        [Fixture.recipient, ConfigurationFile.exampleRecipient].contains(recipient) ? nil : "its checksum is wrong"
    }

    /// What a configuration file with these bytes is.
    static func read(_ bytes: some Sequence<UInt8>) -> Result<Configuration, ConfigurationMistakes> {
        Result { () throws(ConfigurationMistakes) in
            try ConfigurationFile.parse(Array(bytes), named: "dock.yaml") { objection(to: $0) }
        }
    }
}

extension Result where Failure == ConfigurationMistakes {
    /// The mistakes; none if there is a value.
    var mistakes: [ConfigurationMistake] {
        switch self {
        case .success: []
        case .failure(let mistakes): mistakes.all
        }
    }

    /// Each mistake as `line:column: text`.
    var lines: [String] {
        mistakes.map { mistake in
            mistake.place.map { "\($0.line):\($0.column): \(mistake.text)" } ?? mistake.text
        }
    }
}
