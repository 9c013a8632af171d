import CLinux
import Glibc

extension Descriptor {
    /// A counter that poll(2) sees when it is not zero (eventfd(2)).
    public static func eventCounter() throws(Errno) -> Descriptor {
        Descriptor(owning: try retrying { bodydock_eventfd() })
    }

    /// The next connection to a listening socket (accept4(2)). Waits.
    public func accept() throws(Errno) -> Descriptor {
        Descriptor(owning: try retrying { bodydock_accept(number) })
    }
}
