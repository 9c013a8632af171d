/// Finds the word that was probably meant.
enum KeySuggestion {
    /// The nearest of `words` to `text`, if it is near enough to be a slip of the finger: a character wrong, missing, too many
    /// or swapped; two of these in longer words. Case, `-` and `_` count as the same.
    static func nearest(to text: String, among words: [String]) -> String? {
        guard text.utf8.count <= 40 else { return nil }
        let typed = folded(text)
        return words.map { (word: $0, distance: distance(typed, folded($0))) }
            .filter { $0.distance <= ($0.word.utf8.count > 4 ? 2 : 1) }
            .min { $0.distance < $1.distance }?.word
    }

    private static func folded(_ text: String) -> [Character] { text.lowercased().map { $0 == "-" ? "_" : $0 } }

    /// Optimal string alignment: edits and swaps of neighbours, none of them edited twice.
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var before: [Int] = []
        var last = Array(0...right.count)
        for (row, character) in left.enumerated() {
            var next = [row + 1]
            for (column, other) in right.enumerated() {
                var best = min(last[column] + (character == other ? 0 : 1), last[column + 1] + 1, next[column] + 1)
                if row > 0, column > 0, character == right[column - 1], left[row - 1] == other {
                    best = min(best, before[column - 1] + 1)
                }
                next.append(best)
            }
            (before, last) = (last, next)
        }
        return last[right.count]
    }
}
