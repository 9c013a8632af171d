/// Whether the manifest that the profile demands is there.
struct ManifestPresence {
    let manifest: Manifest
    let profile: CameraProfile

    func check(
        _ files: [CameraFile], erasedEarlier: (CameraPath, ExpectedDigest?) -> Bool, into findings: inout FindingList
    ) {
        switch profile.manifest {
        case .none: return
        case .sidecar: checkSidecars(into: &findings)
        case .bodydock(let path), .sums(let path):
            guard manifest.kind == .none else { return }
            // The manifest is erased last. So if it was erased, nothing else may be left that it would have listed.
            if erasedEarlier(path, nil), files.allSatisfy({ profile.preserves($0.path) }) {
                findings.add(
                    Finding(.erasedEarlier, path: path, "the manifest was delivered and erased in an earlier docking"))
            } else {
                findings.add(
                    Finding(
                        .manifestMissing, path: path,
                        "this kind of camera writes a manifest, and there is none: nothing says whether its footage is whole"
                    ))
            }
        }
    }

    private func checkSidecars(into findings: inout FindingList) {
        let present = Set(manifest.files.map(\.folded))
        for recording in manifest.recordings {
            for segment in recording.segments where segment.digest == nil {
                let name = segment.path.folded
                // One that is there but cannot be read was reported by its reader.
                if present.contains(name + Array(".sha256".utf8)) || present.contains(name + Array(".md5".utf8)) {
                    continue
                }
                findings.add(
                    Finding(
                        .manifestMissing, recording: recording.name, path: segment.path,
                        "this kind of camera writes a checksum file beside each file, and this one has none"))
            }
        }
    }
}
