import DockCore

extension Rule where Value == EraseMethod {
    /// How the medium of a kind of camera is emptied at night.
    static var nightly: Rule {
        Rule(explaining: "discard, overwrite") { text in
            switch EraseMethod(rawValue: text) {
            case .discard: return .success(.discard)
            case .overwrite: return .success(.overwrite)
            case .delete: return .failure(Objection(why: Rule.notByDeleting))
            case nil:
                let why = text == "never" ? "only the configuration can say that, for all cameras" : nil
                return .failure(Objection(why: why))
            }
        }
    }

    fileprivate static var notByDeleting: String {
        "the bytes would stay on the medium, which a deep erase is there to prevent"
    }
}

extension Rule where Value == EraseMethod? {
    /// How media are emptied at night, if they are.
    static var nightlyOrNever: Rule {
        Rule(explaining: "discard, overwrite, never") { text in
            switch EraseMethod(rawValue: text) {
            case .discard: .success(.discard)
            case .overwrite: .success(.overwrite)
            case .delete: .failure(Objection(why: Rule<EraseMethod>.notByDeleting))
            case nil: text == "never" ? .success(nil) : .failure(Objection(why: nil))
            }
        }
    }
}
