import DockSystem
import Synchronization
import Testing

@Suite struct BoundedQueueTests {
    @Test func valuesArriveInOrderThroughAFullQueue() {
        let queue = BoundedQueue<Int>(capacity: 3)
        let sender = Worker("send") {
            for value in 0..<10_000 { queue.send(value) }
            queue.close()
        }
        var received: [Int] = []
        while let value = queue.receive() { received.append(value) }
        sender.join()
        #expect(received == Array(0..<10_000))
    }

    @Test func aSenderIsLetGoWhenTheQueueCloses() {
        let queue = BoundedQueue<Int>(capacity: 1)
        let accepted = Atomic<Int>(0)
        let sender = Worker("send") {
            for value in 0..<5 where queue.send(value) { accepted.add(1, ordering: .relaxed) }
        }
        while queue.receiveIfReady() == nil {}
        queue.close()
        sender.join()
        #expect(accepted.load(ordering: .relaxed) < 5)
        #expect(!queue.send(9))
    }

    @Test func everyReceiverIsLetGoWhenTheQueueCloses() {
        let queue = BoundedQueue<Int>(capacity: 1)
        let receivers = (0..<3).map { _ in Worker("receive") { while queue.receive() != nil {} } }
        queue.close()
        for receiver in receivers { receiver.join() }
        #expect(queue.receive() == nil)
    }
}
