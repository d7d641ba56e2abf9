import RatecardJSON
import Testing

extension ServiceTests {
  /// `POST /v1/decide` and `POST /v1/price`.
  struct DecideTests {
    let client: ServiceClient

    init() throws { client = try ServiceTests.shared().client() }

    @Test func aDecisionIsThatOfEvalWithItsMomentAndItsName() throws {
      let version = try #require(try client.get("/v1/ratecard").json["version"]?.string)
      let reply = try client.post("/v1/decide", ["request_type": "agent", "model": "gpt-4o"])
      #expect(reply.status == 200)
      #expect(reply["content-type"] == "application/json")
      let members = try #require(reply.json.members)
      let expected: JSONValue = [
        "credits": "10", "rule": "weights/agent/gpt-4o", "tier": "premium", "tier_rule": "premium",
        "model": "gpt-4o", "requested_model": "gpt-4o", "fallbacks": [], "params": [:],
        "adjustments": [], "ratecard": "shop", "version": .string(version),
      ]
      #expect(.object(members.filter { !["at", "decision"].contains($0.name) }) == expected)
      let moment = try #require(reply.json["at"]?.string)
      #expect(moment.hasSuffix("Z"))
      #expect(reply.json["decision"]?.string?.isEmpty == false)
    }

    @Test func aDecisionForAGivenMomentNamesThat() throws {
      let reply = try client.post(
        "/v1/decide",
        ["request_type": "agent", "model": "gpt-4o", "at": "2026-03-04T05:06:07+02:00"])
      #expect(reply.json["at"] == "2026-03-04T03:06:07Z")
    }

    @Test func aPriceIsTheCostAlone() throws {
      let version = try #require(try client.get("/v1/ratecard").json["version"]?.string)
      let reply = try client.post(
        "/v1/price", ["request_type": "chat", "model": "gpt-4o", "input_tokens": 1_500])
      #expect(reply.status == 200)
      #expect(
        reply.json == [
          "credits": "15", "rule": "long chats", "adjustments": [], "ratecard": "shop",
          "version": .string(version),
        ])
    }

    @Test(arguments: ["/v1/decide", "/v1/price"])
    func aRefusalByTheCardIsAnAnswer(_ path: String) throws {
      let reply = try client.post(
        path, ["request_type": "chat", "model": "o1", "plan": "hobby"])
      #expect(reply.status == 200)
      #expect(reply.json["denied"] == "o1 is not part of the Hobby plan.")
      #expect(reply.json["rule"] == "not sold")
      #expect(reply.json["credits"] == nil)
      #expect(reply.json["version"] != nil, "each answer names its card")
    }

    @Test(arguments: ["/v1/decide", "/v1/price"])
    func aRequestWithoutAPriceIsAnError(_ path: String) throws {
      let reply = try client.post(path, ["request_type": "unsold", "model": "gpt-4o"])
      #expect(reply.status == 422)
      #expect(reply.errorCode == "unpriced")
      #expect(reply.json["version"] != nil, "each answer names its card")
    }

    /// A request that is wrong, and what the answer must say of it.
    struct Wrong: CustomTestStringConvertible, Sendable {
      let body: String
      let attribute: String
      let words: String
      var testDescription: String { body }

      init(_ body: String, _ attribute: String, _ words: String) {
        self.body = body
        self.attribute = attribute
        self.words = words
      }

      static let all = [
        Wrong(#"{"request_tpye":"chat"}"#, "request_tpye", "did you mean `request_type`?"),
        Wrong(#"{"request_type":"chta"}"#, "request_type", "did you mean `chat`?"),
        Wrong(#"{"request_type":7}"#, "request_type", "`request_type`"),
        Wrong(#"{"input_tokens":-1}"#, "input_tokens", "`input_tokens`"),
        Wrong(#"{"input_tokens":1.5}"#, "input_tokens", "`input_tokens`"),
        Wrong(#"{"input_tokens":"many"}"#, "input_tokens", "`input_tokens`"),
        Wrong(#"{"plan":"por"}"#, "plan", "did you mean `pro`?"),
        Wrong(#"{"at":"yesterday"}"#, "at", "`yesterday`"),
        Wrong(#"{"window":"peak"}"#, "window", "`window`"),
        Wrong(#"{"balance_percent":20}"#, "balance_percent", "`balance_percent`"),
      ]
    }

    @Test(arguments: Wrong.all, ["/v1/decide", "/v1/price"])
    func aWrongRequestIsToldWhatIsWrong(_ wrong: Wrong, _ path: String) throws {
      let reply = try client.ask("POST", path, wrong.body)
      #expect(reply.status == 400)
      #expect(reply.errorCode == "invalid_request")
      #expect(reply.json["error"]?["attribute"]?.string == wrong.attribute)
      #expect(reply.errorMessage?.contains(wrong.words) == true, "\(reply.text)")
    }

    @Test func aDecisionTakesNoTierAndAPriceDoes() throws {
      let request: JSONValue = ["request_type": "chat", "model": "gpt-4o", "tier": "slow"]
      let decision = try client.post("/v1/decide", request)
      #expect(decision.status == 400)
      #expect(decision.json["error"]?["attribute"] == "tier")
      #expect(try client.post("/v1/price", request).status == 200)
    }

    @Test func numbersAreNotRoundedOnTheirWay() throws {
      let reply = try client.ask(
        "POST", "/v1/price",
        #"{"request_type":"chat","model":"gpt-4o-mini","audio_seconds":123456789012345678.9}"#)
      #expect(reply.json["credits"] == "12345678901234567.89")
    }
  }
}
