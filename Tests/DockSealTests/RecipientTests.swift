import DockCore
import Testing

@testable import DockSeal

@Suite struct RecipientTests {
    private func text(_ hex: String) throws -> String {
        Bech32.encode(try #require(Hex.decode(hex)), prefix: "age")
    }

    private func refusal(_ text: String) -> DockError? {
        do throws(DockError) {
            _ = try AgeRecipient(text)
            return nil
        } catch { return error }
    }

    @Test(arguments: LowOrder.canonical)
    func aPointOfLowOrderIsNoRecipient(point: String) throws {
        #expect(try refusal(text(point))?.why.contains("low order") == true)
    }

    // The last two are 2^255 − 1, and the point 9 with the unused highest bit set.
    @Test(
        arguments: LowOrder.otherForms + [
            String(repeating: "ff", count: 31) + "7f", "09" + String(repeating: "00", count: 30) + "80",
        ])
    func aPointInAFormThatItsOwnerDoesNotComputeIsNoRecipient(point: String) throws {
        #expect(try refusal(text(point))?.why.contains("canonical") == true)
    }

    @Test func theLargestCanonicalNumbersAreNotRefusedForTheirForm() throws {
        // 2^255 − 21 is below 2^255 − 19 and not of low order.
        #expect(try refusal(text("eb" + String(repeating: "ff", count: 30) + "7f")) == nil)
    }

    @Test func otherLengthsAndKindsAreRefused() throws {
        let valid = try AgeIdentity.generate().recipient.text
        #expect(refusal(valid) == nil)
        for wrong in [
            "", "age1", valid.uppercased(), valid + "\n", " " + valid, String(valid.dropLast()),
            "age1pq" + valid.dropFirst(4),
            try text(String(repeating: "09", count: 31)), try text(String(repeating: "09", count: 33)),
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFC2kd5MQN9OgKuZV8vLROGPNu1Ipnke6VMI5OEFDo6w",
        ] { #expect(refusal(wrong)?.code == .malformed, "\(wrong)") }
    }

    @Test func aSecretInTheWrongPlaceIsNotRepeated() throws {
        let secret = try AgeIdentity.generate().text
        for text in [secret, secret.lowercased()] {
            let error = try #require(refusal(text))
            #expect(!error.description.lowercased().contains(secret.lowercased().dropFirst(20)))
            #expect(error.why.contains("secret identity"))
        }
    }
}
