import DockCore

/// For how many days the teams keep the footage of their cameras, for vaults that lock it as long.
struct TeamLockDays {
    /// Days by serial number of the camera.
    let cameras: [String: Int]
    /// What holds for cameras of no team: as long as the most patient team keeps its own.
    let others: Int

    /// Nil if there is no team.
    init?(cameras: [RegisteredCamera], teams: [TeamSettings]) {
        guard let longest = teams.map(\.retentionDays).max() else { return nil }
        let days = Dictionary(teams.map { ($0.name, $0.retentionDays) }) { first, _ in first }
        self.cameras = Dictionary(
            cameras.compactMap { camera in camera.team.flatMap { days[$0] }.map { (camera.serial, $0) } }
        ) { first, _ in first }
        others = longest
    }
}

/// What `lock.days` says.
enum LockDays: Equatable {
    case number(Int)
    case ofTeam

    func retention(_ mode: ObjectLock.Mode, _ teams: TeamLockDays?) -> ObjectLock.Retention {
        switch self {
        case .number(let days): ObjectLock.Retention(mode: mode, days: days)
        case .ofTeam: ObjectLock.Retention(mode: mode, days: teams?.others ?? 1, ofCameras: teams?.cameras ?? [:])
        }
    }
}

extension Rule where Value == LockDays {
    /// A number of days, or as long as the camera's team keeps its footage.
    static var lockDays: Rule {
        let number = Rule<Int>.integer(in: 1...36_500)
        return Rule("\(number.allowed), or team: as long as the camera's team keeps its footage") { text in
            if text == "team" { return .ofTeam }
            if case .success(let days) = number.read(text) { return .number(days) }
            return nil
        }
    }
}
