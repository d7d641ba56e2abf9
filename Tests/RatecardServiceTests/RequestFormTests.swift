import RatecardJSON
import Testing

extension ServiceTests {
  /// What holds for every endpoint: methods, types, paths, forms of errors.
  struct RequestFormTests {
    let client: ServiceClient

    init() throws { client = try ServiceTests.shared().client() }

    /// An endpoint with the methods that it takes.
    struct Place: CustomTestStringConvertible, Sendable {
      let path: String
      let methods: Set<String>
      var testDescription: String { path }

      static let all = [
        Place(path: "/v1/decide", methods: ["POST"]),
        Place(path: "/v1/price", methods: ["POST"]),
        Place(path: "/v1/usage", methods: ["POST"]),
        Place(path: "/v1/customers/someone", methods: ["GET", "PUT"]),
        Place(path: "/v1/outbox", methods: ["GET"]),
        Place(path: "/v1/outbox/some-event", methods: ["GET", "DELETE"]),
        Place(path: "/v1/outbox/some-event/retry", methods: ["POST"]),
        Place(path: "/v1/ratecard", methods: ["GET"]),
        Place(path: "/-/reload", methods: ["POST"]),
        Place(path: "/healthz", methods: ["GET", "HEAD"]),
        Place(path: "/readyz", methods: ["GET", "HEAD"]),
        Place(path: "/metrics", methods: ["GET", "HEAD"]),
        Place(path: "/openapi.json", methods: ["GET", "HEAD"]),
      ]
    }

    @Test(arguments: Place.all)
    func anotherMethodIsRefusedWithThoseThatWork(_ place: Place) throws {
      for method in ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW", "get"]
      where !place.methods.contains(method) {
        let reply = try client.ask(method, place.path)
        #expect(reply.status == 405, "\(method)")
        let allowed = reply["allow"]?.split(separator: ",").map {
          String($0.drop { $0 == " " })
        }
        #expect(Set(allowed ?? []) == place.methods, "\(method)")
        if method != "HEAD" { #expect(reply.errorCode == "method_not_allowed", "\(method)") }
      }
    }

    @Test(arguments: [
      "/", "/v1", "/v1/", "/v1/nothing", "/v1/decide/", "/V1/decide", "//v1/decide",
      "/v1//decide", "/v1/./decide", "/v1/../healthz", "/%76%31/decide", "/v1/customers",
      "/v1/customers/", "/v1/customers/a/b", "/v1/outbox/", "/v1/outbox/a/b",
      "/v1/outbox/a/retry/", "/-/", "/-/reload/x", "/healthz/", "/metrics.json", "*",
    ])
    func elsewhereIsNothing(_ path: String) throws {
      let reply = try client.get(path)
      #expect(reply.status == 404)
      #expect(reply["content-type"] == "application/json")
      #expect(reply.errorCode == "not_found")
    }

    @Test(arguments: ["/v1/decide", "/v1/price", "/v1/usage", "/v1/customers/typed"])
    func aBodyOfAnotherTypeIsRefused(_ path: String) throws {
      let method = path.contains("customers") ? "PUT" : "POST"
      for type in [nil, "text/plain", "application/xml", "application/jsonp", "json", ""] {
        let reply = try client.ask(method, path, Array("{}".utf8), type: type)
        #expect(reply.status == 415, "\(type ?? "none")")
        #expect(reply.errorCode == "unsupported_media_type", "\(type ?? "none")")
      }
    }

    @Test(arguments: ["application/json; charset=utf-8", "Application/JSON", "application/json ;x"])
    func theTypeIsReadAsHTTPWritesIt(_ type: String) throws {
      let body = Array(#"{"request_type":"chat","model":"gpt-4o"}"#.utf8)
      #expect(try client.ask("POST", "/v1/price", body, type: type).status == 200)
    }

    @Test func linesAreForUsageAlone() throws {
      let body = Array(#"{"request_type":"chat","model":"gpt-4o"}"#.utf8)
      #expect(
        try client.ask("POST", "/v1/price", body, type: "application/x-ndjson").status == 415)
    }

    /// Bodies that are no JSON object of a request.
    static let malformed: [(name: String, body: [UInt8])] = [
      ("nothing", []), ("space", Array("  ".utf8)), ("half", Array("{".utf8)),
      ("array", Array("[]".utf8)), ("number", Array("3".utf8)), ("text", Array(#""a""#.utf8)),
      ("null", Array("null".utf8)), ("word", Array("nul".utf8)),
      ("trailing comma", Array(#"{"model":"a",}"#.utf8)),
      ("two documents", Array(#"{"model":"a"}{"model":"a"}"#.utf8)),
      ("comment", Array(#"{"model":"a"} // b"#.utf8)),
      ("single quotes", Array("{'model':'a'}".utf8)),
      ("not a number", Array(#"{"input_tokens":NaN}"#.utf8)),
      ("leading zero", Array(#"{"input_tokens":01}"#.utf8)),
      ("endless exponent", Array(#"{"input_tokens":1e999999999}"#.utf8)),
      ("control character", Array("{\"model\":\"a\u{1}\"}".utf8)),
      ("half a surrogate", Array(#"{"model":"\ud800"}"#.utf8)),
      ("a key twice", Array(#"{"model":"a","model":"a"}"#.utf8)),
      ("a key twice, spelled apart", Array(#"{"model":"a","m\u006fdel":"b"}"#.utf8)),
      ("nested value", Array(#"{"model":{"a":1}}"#.utf8)),
      ("deep", Array((#"{"model":"# + String(repeating: "[", count: 30_000)).utf8)),
      (
        "deep objects",
        Array((String(repeating: #"{"a":"#, count: 10_000) + "1").utf8)
      ),
      ("invalid UTF-8", Array(#"{"model":""#.utf8) + [0xC3, 0x28] + Array(#""}"#.utf8)),
      ("overlong UTF-8", Array(#"{"model":""#.utf8) + [0xC0, 0xAF] + Array(#""}"#.utf8)),
      ("UTF-8 surrogate", Array(#"{"model":""#.utf8) + [0xED, 0xA0, 0x80] + Array(#""}"#.utf8)),
      ("byte order mark", [0xEF, 0xBB, 0xBF] + Array(#"{"model":"a"}"#.utf8)),
      ("UTF-16", [0xFE, 0xFF, 0x00, 0x7B, 0x00, 0x7D]), ("NUL", [0]),
    ]

    @Test(arguments: malformed.map(\.name))
    func whatIsNoRequestIsAnError(_ name: String) throws {
      let body = try #require(Self.malformed.first { $0.name == name }).body
      for (method, path) in [
        ("POST", "/v1/decide"), ("POST", "/v1/price"), ("PUT", "/v1/customers/malformed"),
      ] {
        let reply = try client.ask(method, path, body)
        #expect(reply.status == 400, "\(path)")
        #expect(reply.errorCode == "invalid_request", "\(path)")
        #expect(reply.errorMessage?.isEmpty == false, "\(path)")
        #expect(reply["content-type"] == "application/json", "\(path)")
      }
      if name != "array" {
        let reply = try client.ask("POST", "/v1/usage", body)
        #expect(reply.status == 400)
        #expect(reply.errorCode == "invalid_request")
      }
      #expect(try client.get("/v1/customers/malformed").status == 404)
    }

    @Test(arguments: ["a", "req-1.2_3", String(repeating: "x", count: 64)])
    func aRequestsNameIsSentBack(_ id: String) throws {
      for path in ["/healthz", "/v1/ratecard", "/nowhere", "/v1/decide"] {
        let reply = try client.ask("GET", path, headers: ["X-Request-Id: \(id)"])
        #expect(reply["x-request-id"] == id, "\(path)")
      }
    }

    @Test(arguments: [
      "", "a b", "a\"b", "a;b", "<b>", "ü", "a\tb", String(repeating: "x", count: 1_000),
    ])
    func anUnusableNameIsNotSentBack(_ id: String) throws {
      let reply = try client.ask("GET", "/healthz", headers: ["X-Request-Id: \(id)"])
      #expect(reply.status == 200)
      #expect(reply["x-request-id"] != id)
      #expect(reply["x-request-id"]?.count == 13)
    }

    @Test func everyAnswerHasANameThatNoOtherHas() throws {
      var names: [String?] = []
      for path in ["/healthz", "/v1/ratecard", "/nowhere", "/v1/decide", "/metrics"] {
        for method in ["GET", "POST", "OPTIONS"] {
          names.append(try client.ask(method, path)["x-request-id"])
        }
      }
      // One that makes no sense, and one of which the body is too long.
      let raw = try RawClient(port: client.port)
      raw.send("GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")
      names.append(try raw.reply()["x-request-id"])
      let long = Array(repeating: UInt8(ascii: " "), count: 70_000)
      names.append(try client.ask("POST", "/v1/price", long)["x-request-id"])
      #expect(names.allSatisfy { $0?.count == 13 }, "\(names)")
      #expect(Set(names).count == names.count)
    }
  }
}
