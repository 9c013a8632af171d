// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
]

/// A room of the program: may import DockCore, DockSystem and what `extra` names, and nothing else.
func room(_ name: String, _ extra: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: ["DockCore", "DockSystem"] + extra, swiftSettings: strict)
}

func tests(of name: String, _ extra: [Target.Dependency] = [], resources: [Resource]? = nil) -> Target {
    .testTarget(
        name: name + "Tests",
        dependencies: [.target(name: name), "DockCore", "DockSystem", "DockTestSupport"] + extra,
        resources: resources,
        swiftSettings: strict)
}

let package = Package(
    name: "bodydock",
    products: [.executable(name: "bodydock", targets: ["bodydock"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    ],
    targets: [
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "CUdev", pkgConfig: "libudev", providers: [.apt(["libudev-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),

        .target(name: "DockCore", swiftSettings: strict),
        .target(name: "DockSystem", dependencies: ["DockCore", "CLinux", "COpenSSL"], swiftSettings: strict),
        room("DockConfig", [.product(name: "Yams", package: "Yams")]),
        room("DockDevices", ["CLinux", "CUdev"]),
        room("DockIntake", ["COpenSSL"]),
        room("DockSeal", ["CLinux", "COpenSSL"]),
        room("DockDelivery", ["CCurl", "COpenSSL"]),
        room("DockLedger", [.product(name: "GRDB", package: "GRDB.swift")]),
        room("DockHandover"),
        room("CameraMaker", ["COpenSSL"]),
        .target(
            name: "DockBoard",
            dependencies: [
                "DockCore", "DockSystem", "DockHandover",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            resources: [.embedInCode("Assets")], swiftSettings: strict),
        room(
            "DockAgent",
            [
                "DockDevices", "DockIntake", "DockSeal", "DockDelivery", "DockLedger", "DockHandover",
                .product(name: "Logging", package: "swift-log"),
            ]),
        .executableTarget(
            name: "bodydock",
            dependencies: [
                "DockCore", "DockSystem", "DockConfig", "DockDevices", "DockSeal", "DockLedger", "DockHandover",
                "DockAgent", "DockBoard", "CameraMaker", .product(name: "Logging", package: "swift-log"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),

        .target(
            name: "DockTestSupport", dependencies: ["DockCore", "DockSystem"], path: "Tests/DockTestSupport",
            swiftSettings: strict),
        .testTarget(name: "DockCoreTests", dependencies: ["DockCore"], swiftSettings: strict),
        .testTarget(
            name: "DockSystemTests", dependencies: ["DockSystem", "DockCore", "DockTestSupport"], swiftSettings: strict),
        tests(of: "DockConfig"),
        .executableTarget(
            name: "DeviceProbe", dependencies: ["DockCore", "DockDevices", "DockTestSupport"],
            path: "Tests/DeviceProbe", swiftSettings: strict),
        tests(of: "DockDevices", ["DeviceProbe"]),
        tests(of: "DockIntake"),
        tests(of: "DockSeal"),
        tests(of: "DockDelivery"),
        .executableTarget(
            name: "LedgerWriter", dependencies: ["DockCore", "DockLedger"], path: "Tests/LedgerWriter",
            swiftSettings: strict),
        tests(of: "DockLedger", ["LedgerWriter"]),
        tests(of: "DockHandover"),
        tests(of: "CameraMaker", ["DockIntake"]),
        tests(of: "DockBoard", [.product(name: "Logging", package: "swift-log")]),
        .executableTarget(
            name: "CameraRunner",
            dependencies: [
                "DockCore", "DockSystem", "DockConfig", "DockDevices", "DockAgent",
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Tests/CameraRunner", swiftSettings: strict),
        tests(
            of: "DockAgent",
            [
                "DockLedger", "DockDelivery", "DockIntake", "DockDevices", "DockConfig", "DockHandover", "CameraMaker",
                "CameraRunner",
                .product(name: "Logging", package: "swift-log"),
            ]),
    ],
    swiftLanguageModes: [.v6]
)
