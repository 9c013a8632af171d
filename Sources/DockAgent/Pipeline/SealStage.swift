import DockCore
import DockSeal
import DockSystem

/// The middle of the hot path: encrypts what the reader hands on. Runs on a thread of its own.
struct SealStage: Sendable {
    let recipients: [AgeRecipient]
    let input: BoundedQueue<ClearMessage>
    let output: BoundedQueue<SealedMessage>
    let clear: BufferPool
    let sealed: BufferPool

    /// Takes segments until the input closes, then closes the output.
    func run() {
        while let message = input.receive() {
            switch message {
            case .begin(let index, let planned):
                do throws(DockError) {
                    try sealSegment(index, planned)
                } catch {
                    output.send(.abandon(error))
                }
            case .bytes(let buffer, _): clear.put(buffer)  // the rest of a segment that could not be sealed
            case .cameraLost(let error): output.send(.cameraLost(error))
            case .end, .abandon: break
            }
        }
        output.close()
    }

    private func sealSegment(_ index: Int, _ planned: PlannedSegment) throws(DockError) {
        var sealer = try Sealer(recipients: recipients)
        output.send(.begin(index, planned, header: sealer.header, sealing: sealer.id))
        while let message = input.receive() {
            switch message {
            case .bytes(let buffer, let isLast):
                defer { clear.put(buffer) }
                guard let target = sealed.take() else { return }
                do throws(DockError) {
                    target.count = try sealer.seal(buffer.used, isLast: isLast, into: target.memory)
                } catch {
                    sealed.put(target)
                    throw error
                }
                output.send(.bytes(target))
            case .end(let evidence):
                output.send(.end(evidence))
                return
            case .abandon(let error):
                output.send(.abandon(error))
                return
            case .begin, .cameraLost:
                throw DockError.outOfOrder(planned)
            }
        }
    }
}

extension DockError {
    /// A stage got messages in an order that the stage before it never sends.
    static func outOfOrder(_ planned: PlannedSegment) -> DockError {
        DockError(
            .corrupt, "cannot take in a segment", at: "\(planned.file.path)",
            because: "another one began before it ended",
            next: "the camera keeps it; report this as a defect of Bodydock")
    }
}
