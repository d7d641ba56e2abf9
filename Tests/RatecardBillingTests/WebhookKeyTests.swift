import Foundation
import RatecardBilling
import RatecardTestSupport
import RatecardValues
import Testing

/// Signatures that other implementations made, where they are at hand.
struct WebhookVectorTests {
  struct Vector: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let body_base64: String
    let expect: String
    let headers: [String: String]
    let now: Int64
    let secret: String
    var testDescription: String { name }
  }

  struct Setup: Decodable {
    let secret: String
  }

  struct File: Decodable {
    let secret_setup: [Setup]
    let vectors: [Vector]

    static let known: File? = SharedFiles.contents("reference/webhook-vectors.json")
      .flatMap { try? JSONDecoder().decode(File.self, from: $0) }
  }

  @Test(.enabled(if: File.known != nil, "../shared/reference/webhook-vectors.json is not there"))
  func refusesSecretsThatAreNone() throws {
    let setups = try #require(File.known).secret_setup
    #expect(!setups.isEmpty)
    for setup in setups { #expect(WebhookKeys(setup.secret) == nil, "\(setup.secret)") }
  }

  @Test(
    .enabled(if: File.known != nil, "../shared/reference/webhook-vectors.json is not there"),
    arguments: File.known?.vectors ?? [])
  func verifiesAsOthersDo(_ vector: Vector) throws {
    let keys = try #require(WebhookKeys(vector.secret))
    let headers = Dictionary(
      uniqueKeysWithValues: vector.headers.map { ($0.key.lowercased(), $0.value) })
    let body = try #require(Data(base64Encoded: vector.body_base64))
    let webhook = Webhook(
      id: headers["webhook-id"] ?? "", timestamp: headers["webhook-timestamp"] ?? "",
      signature: headers["webhook-signature"] ?? "", body: Array(body))
    let now = try #require(Instant(seconds: vector.now))
    // Where implementations differ, only whole seconds are a time, and bytes are bytes.
    let isExpected =
      vector.expect == "accept"
      || vector.expect == "implementation-defined" && vector.name.contains("utf-8")
    #expect(keys.verify(webhook, now: now) == isExpected)
  }
}

/// What holds of signatures wherever the tests run.
struct WebhookKeyTests {
  let now = Instant(seconds: 1_800_000_000) ?? .earliest

  @Test func verifiesWhatItSigned() throws {
    let keys = WebhookKeys(key: Array("secret".utf8))
    let webhook = keys.signed(id: "msg_1", body: Array("{}".utf8), at: now)
    #expect(keys.verify(webhook, now: now))
    for place in webhook.body.indices {
      var other = webhook
      other.body[place] ^= 1
      #expect(!keys.verify(other, now: now))
    }
    #expect(keys.verify(webhook, now: now.plus(300)))
    #expect(!keys.verify(webhook, now: now.plus(301)))
    #expect(keys.verify(webhook, now: now.plus(-300)))
    #expect(!keys.verify(webhook, now: now.plus(-301)))
  }

  @Test func takesEitherSecretWhileOneIsReplaced() throws {
    let old = try #require(WebhookKeys("whsec_b2xk"))
    let both = try #require(WebhookKeys("whsec_bmV3, whsec_b2xk"))
    let webhook = old.signed(id: "msg_1", body: [], at: now)
    #expect(both.verify(webhook, now: now))
    #expect(both.signed(id: "msg_1", body: [], at: now).signature.split(separator: " ").count == 2)
    #expect(WebhookKeys("whsec_bmV3,") == nil)
  }

  @Test(arguments: ["", "+1800000000", " 1800000000", "1800000000 ", "18e8", "0x6b49d200"])
  func takesOnlyDigitsForATime(_ timestamp: String) throws {
    let keys = WebhookKeys(key: [1, 2, 3])
    var webhook = keys.signed(id: "msg_1", body: [], at: now)
    webhook.timestamp = timestamp
    #expect(!keys.verify(webhook, now: now))
  }
}
