import Foundation
import RatecardBilling
import RatecardJSON
import RatecardValues
import Testing

/// The stand-in for the provider, in a process of its own, which ends with the test.
///
/// Its clock stands where the test's clock does: it is told of each step before the next call.
final class ClockedProvider {
  static let key = "dodo_test_standin"

  let url: String
  /// The test's clock.
  var now: Instant {
    didSet { precondition(now >= oldValue, "a provider's clock does not go back") }
  }
  /// How often a client gave up, and how often something went wrong at all.
  private(set) var timeOuts = 0
  private(set) var failures = 0

  private var told: Instant
  private let process = Process()
  private let operator_ = HTTPClient()
  private let client = HTTPClient(limits: .init(totalMilliseconds: 500))

  init(seed: UInt64, now: Instant) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Provider")
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "python3", "-B", folder.appending(path: "standin.py").path, "--seed", String(seed), "--now",
      now.description,
    ]
    process.standardOutput = output
    try process.run()
    var line = Data()
    while !line.contains(UInt8(ascii: "\n")) {
      let more = output.fileHandleForReading.availableData
      try #require(!more.isEmpty, "the stand-in does not start")
      line += more
    }
    url = String(decoding: line, as: UTF8.self).trimmingCharacters(in: .newlines)
    self.now = now
    told = now
  }

  deinit {
    // It has inherited a mask that keeps other signals from it.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// A call as the program makes it.
  ///
  /// It takes some of the test's time: 30 seconds where no whole answer comes, but for which nobody
  /// waits that long.
  func send(_ request: HTTPRequest) throws(TransportFailure) -> HTTPResponse {
    do {
      try tell()
    } catch {
      Issue.record("the stand-in does not take the time: \(error)")
    }
    do throws(TransportFailure) {
      let answer = try client.send(request)
      if answer.status >= 400 { failures += 1 }
      now = now.plus(0.02)
      return answer
    } catch {
      failures += 1
      let isTimeOut = error.reason == "no whole answer in time"
      if isTimeOut { timeOuts += 1 }
      now = now.plus(isTimeOut ? 30 : 0.02)
      throw error
    }
  }

  /// A call that a test makes of the published API.
  func call(_ method: HTTPRequest.Method, _ path: String, _ body: JSONValue? = nil) throws
    -> JSONValue
  {
    try tell()
    return try ask(method, path, body)
  }

  /// A call that only the stand-in knows, such as `faults`.
  @discardableResult
  func control(_ name: String, _ body: JSONValue = [:]) throws -> JSONValue {
    try tell()
    return try ask(.post, "/__control/\(name)", body)
  }

  /// A part of all it knows.
  func ledger(_ part: String) throws -> JSONValue {
    try tell()
    return try #require(try ask(.get, "/__control/ledger?parts=\(part)", nil)[part])
  }

  private func tell() throws {
    guard told != now else { return }
    _ = try ask(.post, "/__control/clock", ["now": .string(now.description)])
    told = now
  }

  private func ask(_ method: HTTPRequest.Method, _ path: String, _ body: JSONValue?) throws
    -> JSONValue
  {
    var request = HTTPRequest(method, url + path, body: body.map { Array($0.text().utf8) })
    request.headers = [
      .init("Authorization", "Bearer \(Self.key)"), .init("Content-Type", "application/json"),
    ]
    let answer = try operator_.send(request)
    let text = String(decoding: answer.body, as: UTF8.self)
    try #require((200..<300).contains(answer.status), "\(path): \(answer.status) \(text)")
    return answer.body.isEmpty ? .null : try JSONValue(parsing: answer.body)
  }
}

extension ClockedProvider {
  /// Sells customers so many credits, which the events `ai.request` use up; the credits' id.
  func sell(credits: String, to customers: [String]) throws -> String {
    let meter = try call(
      .post, "/meters",
      [
        "name": "requests", "event_name": "ai.request", "measurement_unit": "credits",
        "aggregation": ["type": "sum", "key": "credit_cost"],
      ])
    let entitlement = try call(
      .post, "/credit-entitlements",
      [
        "name": "Credits", "precision": 10, "unit": "credits", "rollover_enabled": false,
        "overage_enabled": false,
      ])
    let id = try #require(entitlement["id"]?.string)
    let product = try call(
      .post, "/products",
      [
        "name": "Pro", "tax_category": "saas",
        "price": [
          "type": "usage_based_price", "fixed_price": 2_000, "currency": "USD", "discount": 0,
          "purchasing_power_parity": false, "payment_frequency_count": 1,
          "payment_frequency_interval": "Month", "subscription_period_count": 20,
          "subscription_period_interval": "Year",
          "meters": [
            [
              "meter_id": meter["id"] ?? .null, "credit_entitlement_id": .string(id),
              "meter_units_per_credit": "1",
            ]
          ],
        ],
        "credit_entitlements": [
          ["credit_entitlement_id": .string(id), "credits_amount": .string(credits)]
        ],
      ])
    for customer in customers {
      let id: JSONValue = .string(customer)
      try control("customers", ["customer_id": id, "email": .string("\(customer)@example.com")])
      try control("subscribe", ["customer_id": id, "product_id": product["product_id"] ?? .null])
    }
    return id
  }
}
