import DockSystem

/// An open file with several owners, such as the thread of a vault that writes to it.
final class SharedDescriptor: Sendable {
    let descriptor: Descriptor

    init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }
}
