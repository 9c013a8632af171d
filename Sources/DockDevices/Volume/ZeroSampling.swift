/// How much of a device is read to verify that it is empty.
public enum ZeroSampling: Sendable, Hashable {
    /// Every byte.
    case all
    /// About this part of it (0 to 1), at places that follow from the seed alone, so that it can be done again.
    case fraction(Double, seed: UInt64)

    /// Sections that a sample is taken from. As NIST SP 800-88 Rev. 1, 4.7.2 has it: a thousand of equal size, two places that
    /// do not overlap in each, and the first and the last block of all.
    static let sections: Int64 = 1000

    /// What is read of `range`: parts of it that do not overlap, in order; each starts and ends at a multiple of `block`, or
    /// where the range does.
    func samples(of range: Range<Int64>, block: Int64) -> [Range<Int64>] {
        guard case .fraction(let fraction, let seed) = self, fraction < 1, !range.isEmpty, block > 0 else {
            return range.isEmpty ? [] : [range]
        }
        var random = SampleRandom(state: seed)
        var samples: [Range<Int64>] = []
        let bytes = range.upperBound - range.lowerBound
        let blocks = bytes / block + (bytes % block == 0 ? 0 : 1)
        let count = min(ZeroSampling.sections, max(1, blocks / 2))
        // In blocks from the start of the range. The halves of a section have one place each.
        for half in 0..<(2 * count) {
            let start = share(blocks, half, of: 2 * count)
            let end = share(blocks, half + 1, of: 2 * count)
            guard end > start else { continue }
            let wanted = (Double(end - start) * fraction).rounded(.up)
            let length = wanted.isFinite ? max(1, min(end - start, Int64(wanted))) : 1
            let place = start + Int64(random.next() % UInt64(end - start - length + 1))
            append(place..<(place + length), to: &samples)
        }
        append((blocks - 1)..<blocks, to: &samples)
        if samples.first?.lowerBound != 0 { samples.insert(0..<1, at: 0) }
        return samples.map { sample in
            // The last block may end with the range, before its own end.
            let end = sample.upperBound == blocks ? range.upperBound : range.lowerBound + sample.upperBound * block
            return (range.lowerBound + sample.lowerBound * block)..<end
        }
    }

    /// `part / parts` of `total`, without overflow.
    private func share(_ total: Int64, _ part: Int64, of parts: Int64) -> Int64 {
        total / parts * part + total % parts * part / parts
    }

    private func append(_ sample: Range<Int64>, to samples: inout [Range<Int64>]) {
        if let last = samples.last, last.upperBound >= sample.upperBound { return }
        if let last = samples.last, last.upperBound >= sample.lowerBound {
            samples[samples.count - 1] = last.lowerBound..<sample.upperBound
        } else {
            samples.append(sample)
        }
    }
}

/// SplitMix64: the same numbers from the same seed, for ever.
private struct SampleRandom {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
