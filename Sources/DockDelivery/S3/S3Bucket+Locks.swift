import DockCore
import DockSystem
import Foundation

/// Object Lock and versions ("Locking objects with Object Lock", Amazon S3 User Guide).
extension S3Bucket {
    /// The headers that ask for a lock when an object is stored.
    static func lockHeaders(_ lock: ObjectLock.State) -> [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = []
        if let mode = lock.mode, let until = lock.until {
            headers.append(("x-amz-object-lock-mode", mode.rawValue.uppercased()))
            headers.append(("x-amz-object-lock-retain-until-date", until.description))
        }
        if lock.legalHold { headers.append(("x-amz-object-lock-legal-hold", "ON")) }
        return headers
    }

    /// The header with the MD5 of a body (RFC 1864).
    static func contentMD5(_ digest: [UInt8]) -> (name: String, value: String) {
        ("content-md5", Data(digest).base64EncodedString())
    }

    /// The header with the MD5 of a short document.
    static func contentMD5(of text: String) throws(DockError) -> (name: String, value: String) {
        var digester = try Digester(.md5)
        try digester.update(Array(text.utf8))
        return contentMD5(try digester.finish())
    }

    /// What the service says of one version's retention and hold.
    func lock(_ key: String, version: String, holds: Bool) throws(DockError) -> ObjectLock.State {
        var state = ObjectLock.State()
        if let answer = try ask("retention", key, version) {
            guard let mode = answer.element("Mode").flatMap({ ObjectLock.Mode(rawValue: $0.lowercased()) }),
                let until = answer.element("RetainUntilDate").flatMap({ Instant(rfc3339: $0) })
            else {
                throw malformed("cannot look at an object's retention", key, "the answer has no usable mode and date")
            }
            (state.mode, state.until) = (mode, until)
        }
        if holds { state.legalHold = try ask("legal-hold", key, version)?.element("Status") == "ON" }
        return state
    }

    /// Sets the retention of one version.
    func retain(_ key: String, version: String, _ mode: ObjectLock.Mode, until: Instant) throws(DockError) {
        let mode = "<Mode>\(mode.rawValue.uppercased())</Mode>"
        let text = "<Retention>\(mode)<RetainUntilDate>\(until)</RetainUntilDate></Retention>"
        try set("retention", key, version, text)
    }

    /// Sets or lifts the legal hold of one version.
    func hold(_ key: String, version: String, _ isOn: Bool) throws(DockError) {
        try set("legal-hold", key, version, "<LegalHold><Status>\(isOn ? "ON" : "OFF")</Status></LegalHold>")
    }

    /// Whether objects can be locked, and how long each is by itself; nil if they cannot.
    func lockConfiguration() throws(DockError) -> (retention: ObjectLock.Retention?, date: Instant?)? {
        let response = try requester.send(HTTPRequest(method: "GET", path: "/\(name)", query: [("object-lock", "")]))
        if [400, 404, 405, 501].contains(response.status), response.element("Code") != "NoSuchBucket" { return nil }
        guard response.status == 200 else {
            throw S3Failure.error(response, "cannot ask whether a bucket locks objects", at: "s3://\(name)")
        }
        guard response.element("ObjectLockEnabled") == "Enabled" else { return nil }
        let mode = response.element("Mode").flatMap { ObjectLock.Mode(rawValue: $0.lowercased()) }
        let days =
            response.element("Days").flatMap { Int($0) }
            ?? response.element("Years").flatMap { Int($0) }.map { $0 &* 365 }
        guard let mode, let days, days > 0 else { return (nil, response.date) }
        return (ObjectLock.Retention(mode: mode, days: days), response.date)
    }

    /// Whether the bucket keeps versions.
    func keepsVersions() throws(DockError) -> Bool {
        let response = try requester.send(HTTPRequest(method: "GET", path: "/\(name)", query: [("versioning", "")]))
        return response.status == 200 && response.element("Status") == "Enabled"
    }

    /// Nil if there is nothing of the kind.
    private func ask(_ what: String, _ key: String, _ version: String) throws(DockError) -> HTTPResponse? {
        let response = try requester.send(
            HTTPRequest(method: "GET", path: path(key), query: [(what, ""), ("versionId", version)]))
        if response.status == 200 { return response }
        let code = response.element("Code") ?? ""
        if ["NoSuchObjectLockConfiguration", "ObjectLockConfigurationNotFoundError", "InvalidRequest"].contains(code) {
            return nil
        }
        throw S3Failure.error(response, "cannot look at an object's \(what)", at: place(key))
    }

    private func set(_ what: String, _ key: String, _ version: String, _ text: String) throws(DockError) {
        let response = try requester.send(
            HTTPRequest(
                method: "PUT", path: path(key), query: [(what, ""), ("versionId", version)],
                headers: [try S3Bucket.contentMD5(of: text)], body: .text(text)))
        guard [200, 204].contains(response.status) else {
            throw S3Failure.error(response, "cannot set an object's \(what)", at: place(key))
        }
    }
}

extension HTTPResponse {
    /// `Date`: the service's clock.
    var date: Instant? { headers["date"].flatMap(HTTPResponse.moment) }

    /// A date as HTTP writes it (RFC 9110 section 5.6.7, IMF-fixdate): `Sun, 06 Nov 1994 08:49:37 GMT`.
    static func moment(_ text: String) -> Instant? {
        let words = text.split(separator: " ")
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard words.count == 6, words[5] == "GMT", let month = months.firstIndex(of: String(words[2])) else {
            return nil
        }
        let number = month + 1 < 10 ? "0\(month + 1)" : "\(month + 1)"
        return Instant(rfc3339: "\(words[3])-\(number)-\(words[1])T\(words[4])Z")
    }
}
