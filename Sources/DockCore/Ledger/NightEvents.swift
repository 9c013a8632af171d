/// Objects of a vault were asked for at night. What it went through is not asked for again before its next turn, however the
/// run ends.
public struct NightChecked: Sendable, Equatable, Codable {
    /// The date of the night.
    public var night: String
    /// Name of the vault.
    public var vault: String
    /// How many objects were asked for.
    public var checked: Int
    /// The entry of the last receipt that was gone through.
    public var through: Int64
    /// What was not as it should be, all of it.
    public var faults: [NightFault]

    /// Takes all values.
    public init(night: String, vault: String, checked: Int, through: Int64, faults: [NightFault]) {
        self.night = night
        self.vault = vault
        self.checked = checked
        self.through = through
        self.faults = faults
    }
}
