import Foundation
import RatecardJSON
import Testing

extension ServiceTests {
  /// Who may ask.
  struct AuthorizationTests {
    static let token = "a-secret_token.of~this+test/="

    static let guarded = RequestFormTests.Place.all.filter {
      $0.path.hasPrefix("/v1/") || $0.path.hasPrefix("/-/")
    }

    @Test func aTokenIsWantedWhereSomethingIsToldOrDone() throws {
      let folder = try CardFolder()
      let service = try ServiceProcess(folder, token: Self.token, log: "debug")
      for header in [
        nil, "Authorization:", "Authorization: Bearer", "Authorization: Bearer ",
        "Authorization: Bearer wrong", "Authorization: \(Self.token)",
        "Authorization: Basic \(Self.token)", "Authorization: Bearer \(Self.token)x",
        "Authorization: Bearer \(Self.token.dropLast())",
        "Authorization: Bearer \(Self.token.uppercased())", "X-Authorization: Bearer \(Self.token)",
      ] {
        let client = ServiceClient(port: service.port)
        for place in Self.guarded + [.init(path: "/v1/nothing", methods: ["GET"])] {
          let method = try #require(place.methods.min())
          let reply = try client.ask(method, place.path, headers: header.map { [$0] } ?? [])
          #expect(reply.status == 401, "\(header ?? "none") \(place.path)")
          #expect(reply.errorCode == "unauthorized", "\(header ?? "none") \(place.path)")
          #expect(reply["www-authenticate"]?.hasPrefix("Bearer") == true)
        }
      }
      let open = ServiceClient(port: service.port)
      for path in ["/healthz", "/readyz", "/metrics", "/openapi.json"] {
        #expect(try open.get(path).status == 200, "\(path)")
      }
      let client = service.client()
      #expect(try client.get("/v1/ratecard").status == 200)
      #expect(
        try client.post("/v1/decide", ["request_type": "chat", "model": "gpt-4o"]).status == 200)
      #expect(try client.post("/-/reload").status == 200)
      // The scheme's case says nothing (RFC 9110, section 11.1).
      let lower = try open.ask(
        "GET", "/v1/ratecard", headers: ["Authorization: bearer \(Self.token)"])
      #expect(lower.status == 200)
      let twice = try client.ask(
        "GET", "/v1/ratecard", headers: ["Authorization: Bearer \(Self.token)"])
      #expect(twice.status == 400)
      #expect(service.stop() == 0)
      for line in service.program.lines { #expect(!line.contains(Self.token), "\(line)") }
    }

    @Test(arguments: ["0.0.0.0:0", "[::]:0"])
    func withoutATokenItListensOnThisMachineOnly(_ address: String) throws {
      let folder = try CardFolder()
      let program = try Program(ServiceProcess.arguments(folder, listen: address))
      let code = try #require(program.waitForEnd())
      #expect(code > 0)
      // A machine without IPv6 says that it cannot listen there at all.
      if address.hasPrefix("0") {
        #expect(program.lines.contains { $0.contains("RATECARD_API_TOKEN") }, "\(program.lines)")
      }
    }

    @Test func withATokenItListensWhereItIsTold() throws {
      let folder = try CardFolder()
      let service = try ServiceProcess(folder, token: Self.token, listen: "0.0.0.0:0")
      #expect(try service.client().get("/v1/ratecard").status == 200)
    }

    @Test func anEmptyTokenIsAMistake() throws {
      let folder = try CardFolder()
      let program = try Program(
        ServiceProcess.arguments(folder), environment: ["RATECARD_API_TOKEN": ""])
      #expect(program.waitForEnd() == 2)
      #expect(program.lines.contains { $0.contains("RATECARD_API_TOKEN") })
    }
  }
}
