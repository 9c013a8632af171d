import DockCore
import Testing

@testable import DockDelivery

/// The examples of "Authenticating Requests: Using the Authorization Header (AWS Signature Version 4)", Amazon S3 API
/// Reference.
@Suite struct SignatureV4Tests {
    static let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    private func authorization(
        _ method: String, _ path: String, query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)] = [], payload: String = empty
    ) throws -> String {
        let signature = SignatureV4(
            credentials: Credentials(
                accessKey: "AKIAIOSFODNN7EXAMPLE", secretKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
            region: "us-east-1")
        let time = try #require(Instant(rfc3339: "2013-05-24T00:00:00Z"))
        let fixed = [
            (name: "host", value: "examplebucket.s3.amazonaws.com"), (name: "x-amz-content-sha256", value: payload),
            (name: "x-amz-date", value: SignatureV4.timestamp(time)),
        ]
        return try signature.authorization(
            of: SignatureV4.Subject(
                method: method, path: path, query: query, headers: headers + fixed, payload: payload), at: time)
    }

    @Test func getObjectWithARange() throws {
        #expect(
            try authorization("GET", "/test.txt", headers: [("Range", "bytes=0-9")])
                == "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
                + "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
    }

    @Test func putObjectWithAnEncodedName() throws {
        let text = try authorization(
            "PUT", SignatureV4.encode("/test$file.text", keepingSlash: true),
            headers: [("date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")],
            payload: "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072")
        #expect(text.hasSuffix("Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"))
    }

    @Test func aQueryWithoutValue() throws {
        let text = try authorization("GET", "/", query: [("lifecycle", "")])
        #expect(text.hasSuffix("Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"))
    }

    @Test func aQueryInAnyOrder() throws {
        let text = try authorization("GET", "/", query: [("prefix", "J"), ("max-keys", "2")])
        #expect(text.hasSuffix("Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"))
    }

    @Test func onlyUnreservedBytesStandAsTheyAre() {
        #expect(SignatureV4.encode("aZ0-._~/é =+&%", keepingSlash: true) == "aZ0-._~/%C3%A9%20%3D%2B%26%25")
        #expect(SignatureV4.encode("a/b", keepingSlash: false) == "a%2Fb")
    }
}
