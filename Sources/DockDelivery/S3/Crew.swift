import Glibc
import Synchronization

/// Threads of their own for work that blocks, so that no cooperative pool is held up.
enum Crew {
    /// Does `work` for every index below `count`, at most `width` at a time, and returns when all is done. The calling thread
    /// works too: where no thread can be had, everything still gets done.
    static func run(width: Int, count: Int, _ work: @escaping @Sendable (Int) -> Void) {
        let job = Job(count: count, work: work)
        var threads: [pthread_t] = []
        for _ in 1..<max(1, min(width, count)) {
            var thread = pthread_t()
            let data = Unmanaged.passRetained(job)
            let code = pthread_create(
                &thread, nil,
                { data in
                    if let data { Unmanaged<Job>.fromOpaque(data).takeRetainedValue().loop() }
                    return nil
                }, data.toOpaque())
            guard code == 0 else {
                data.release()
                break
            }
            threads.append(thread)
        }
        job.loop()
        for thread in threads { pthread_join(thread, nil) }
    }

    private final class Job: Sendable {
        private let next = Atomic<Int>(0)
        private let count: Int
        private let work: @Sendable (Int) -> Void

        init(count: Int, work: @escaping @Sendable (Int) -> Void) {
            self.count = count
            self.work = work
        }

        func loop() {
            while true {
                let index = next.add(1, ordering: .relaxed).oldValue
                guard index < count else { return }
                work(index)
            }
        }
    }
}
