import DockCore

/// Makes believable cameras, whole or broken, for the demonstration and for tests.
public enum CameraMaker {
    /// Makes the camera of `plan` in `directory`, a new or empty folder.
    ///
    /// Memory does not grow with the bytes of footage. Throws ``DockError/Code/configuration`` for a plan that cannot be,
    /// ``DockError/Code/conflict`` for a folder that is not empty, ``DockError/Code/notFound`` for video without `ffmpeg`, and
    /// what the operating system refuses. After an error the folder holds a part of a camera.
    public static func make(_ plan: CameraPlan, at directory: String) throws(DockError) -> MadeCamera {
        try plan.check()
        var scenario = try Scenario(plan)
        let breaks = try scenario.apply(plan)
        var key: SigningKey?
        if let file = plan.signingKeyFile { key = try SigningKey(file: file) }
        var production = try Production(plan, scenario, key: key, at: directory)
        return try production.run(scenario, breaks)
    }
}
