import Foundation
import RatecardJSON
import Testing

extension ServiceTests {
  /// `POST /v1/usage` of many reports.
  struct UsageBatchTests {
    let client: ServiceClient
    let customer = "customer-\(UUID().uuidString)"
    let run = UUID().uuidString

    init() throws { client = try ServiceTests.shared().client() }

    private func report(_ name: String, _ more: String = #","model":"gpt-4o""#) -> String {
      #"{"id":"\#(name)-\#(run)","customer":"\#(customer)","request_type":"chat"\#(more)}"#
    }

    private func recorded(_ name: String, _ credits: JSONValue) -> JSONValue {
      ["event_id": .string("\(name)-\(run)"), "credits": credits, "recorded": true]
    }

    /// Good and bad reports, with the status and code that each gets.
    private var mixed: [(report: String, status: Int?, code: String?)] {
      [
        (report("a"), nil, nil),
        (report("b", #","model":"gpt-4o-mini""#), nil, nil),
        (report("c", #","model":"gpt-4o","input_tokens":-1"#), 400, "invalid_request"),
        (report("a"), nil, nil),
        (report("a", #","model":"o1""#), 409, "conflict"),
        (report("d", #","model":"something new""#), 422, "unpriced"),
        (#"{"customer":"nobody"}"#, 400, "invalid_request"),
        ("17", 400, "invalid_request"),
        (report("e", #","model":"o1""#), nil, nil),
      ]
    }

    private func check(_ answers: [JSONValue]) throws {
      try #require(answers.count == mixed.count)
      let credits: [Int: JSONValue] = [
        0: recorded("a", "1"), 1: recorded("b", "0.5"), 3: recorded("a", "1"),
        8: recorded("e", "5"),
      ]
      for (place, (answer, wanted)) in zip(answers, mixed).enumerated() {
        if let credits = credits[place] {
          #expect(answer == credits, "\(place)")
        } else {
          #expect(answer["status"] == wanted.status.map { .number(String($0)) }, "\(place)")
          #expect(answer["error"]?["code"]?.string == wanted.code, "\(place)")
          #expect(answer["error"]?["message"]?.string?.isEmpty == false, "\(place)")
        }
      }
    }

    private func pending() throws -> String? {
      try client.get("/v1/customers/\(customer)").json["pending"]?.string
    }

    @Test func anArrayIsAnsweredItemByItem() throws {
      let body = "[" + mixed.map(\.report).joined(separator: " ,\n ") + "]"
      for _ in 0..<2 {
        let reply = try client.ask("POST", "/v1/usage", body)
        #expect(reply.status == 200)
        #expect(reply["content-type"] == "application/json")
        try check(reply.json.items ?? [])
      }
      #expect(try pending() == "6.5")
    }

    @Test func linesAreAnsweredLineByLine() throws {
      for _ in 0..<2 {
        let reply = try client.post("/v1/usage", lines: mixed.map(\.report))
        #expect(reply.status == 200)
        #expect(reply["content-type"] == "application/x-ndjson")
        #expect(reply.text.hasSuffix("\n"))
        try check(reply.lines)
      }
      #expect(try pending() == "6.5")
    }

    @Test func aLineThatIsNoJSONSpoilsNoOther() throws {
      let reply = try client.post(
        "/v1/usage",
        lines: [report("a"), "{", report("b", #","model":"o1""#), "}", "{\u{1}}", report("c"), ""])
      #expect(reply.status == 200)
      #expect(
        reply.lines.map { $0["recorded"] } == [true, nil, true, nil, nil, true])
      #expect(
        reply.lines.map { $0["error"]?["code"]?.string } == [
          nil, "invalid_request", nil, "invalid_request", "invalid_request", nil,
        ])
      #expect(try pending() == "7")
    }

    @Test func carriageReturnsAndEmptyLinesBetweenLinesAreNothing() throws {
      let reply = try client.post(
        "/v1/usage", lines: ["\r", report("a") + "\r", "\r", "  ", report("b") + "\r", "\r"])
      #expect(reply.lines.map { $0["recorded"] } == [true, true])
    }

    @Test(arguments: ["[]", "[", "[{}", "[{},]", "[{}]]", "[{}] 1"])
    func aWholeThatIsNoArrayIsRefusedWhole(_ body: String) throws {
      let reply = try client.ask("POST", "/v1/usage", body)
      #expect(reply.status == 400)
      #expect(reply.errorCode == "invalid_request")
    }

    @Test func anArrayThatEndsTooSoonRecordsNothing() throws {
      let reply = try client.ask("POST", "/v1/usage", "[\(report("a")),\(report("b"))")
      #expect(reply.status == 400)
      #expect(try client.get("/v1/outbox/a-\(run)").status == 404)
    }

    @Test func noLinesAreRefused() throws {
      let reply = try client.post("/v1/usage", lines: ["", ""])
      #expect(reply.status == 400)
    }

    @Test func aBatchHasALimit() throws {
      let lines = Array(repeating: "{}", count: 10_001)
      let tooMany = try client.post("/v1/usage", lines: lines)
      #expect(tooMany.status == 400)
      #expect(tooMany.errorMessage?.contains("10000") == true)
      #expect(try client.post("/v1/usage", lines: Array(lines.dropFirst())).status == 200)
      let tooLarge = try client.ask(
        "POST", "/v1/usage", Array(repeating: UInt8(ascii: " "), count: (4 << 20) + 1))
      #expect(tooLarge.status == 413)
      #expect(tooLarge.errorCode == "too_large")
    }

    @Test func aThousandAreRecordedTogether() throws {
      let reports = (0..<1_000).map { report("n\($0)", #","model":"gpt-4o-mini""#) }
      let reply = try client.post("/v1/usage", lines: reports)
      #expect(reply.status == 200)
      #expect(reply.lines == (0..<1_000).map { recorded("n\($0)", "0.5") })
      #expect(try pending() == "500")
    }
  }
}
