import Foundation
import RatecardStore
import RatecardValues

@testable import RatecardService

/// A folder with a card in `card`, and room beside it; it goes when the test ends.
final class CardFolder: Sendable {
  let path: String

  /// Writes a card: the files by their names.
  init(_ files: [String: String] = Shop.files) throws {
    let url = FileManager.default.temporaryDirectory
      .appending(path: "ratecard-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
    for (name, text) in files { try write(text, to: "card/\(name)") }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a name in the folder.
  func at(_ name: String) -> String { "\(path)/\(name)" }

  func text(_ name: String) throws -> String {
    try String(contentsOfFile: at(name), encoding: .utf8)
  }

  /// Writes a file as editors do: beside it, then renamed over it.
  func write(_ text: String, to name: String) throws {
    let url = URL(filePath: at(name))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    let hidden = url.deletingLastPathComponent().appending(path: ".\(UUID().uuidString)")
    try Data(text.utf8).write(to: hidden)
    try rename(hidden.path, over: url.path)
  }

  /// Writes into a file that is there, as `>` does.
  func writeInPlace(_ text: String, to name: String) throws {
    let file = try FileHandle(forWritingTo: URL(filePath: at(name)))
    try file.truncate(atOffset: 0)
    try file.write(contentsOf: Data(text.utf8))
    try file.close()
  }

  /// Adds to the end of a file that is there.
  func append(_ text: String, to name: String) throws {
    let file = try FileHandle(forWritingTo: URL(filePath: at(name)))
    try file.seekToEnd()
    try file.write(contentsOf: Data(text.utf8))
    try file.close()
  }

  func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: at(name), withDestinationPath: target)
  }

  /// Points a link elsewhere in one step, as Kubernetes does with a ConfigMap's `..data`.
  func swapLink(_ name: String, to target: String) throws {
    try link("\(name)_tmp", to: target)
    try rename(at("\(name)_tmp"), over: at(name))
  }

  func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: at(name)) }

  private func rename(_ path: String, over other: String) throws {
    guard Foundation.rename(path, other) == 0 else { throw CocoaError(.fileWriteUnknown) }
  }
}

/// The card that tests ask about.
enum Shop {
  static let header = """
    ratecard: 1
    name: shop
    credit: {unit: credit, decimals: 2}
    attributes:
      request_type: [tab_completion, chat, agent, unsold]
      input_tokens: count
      audio_seconds: quantity
    models:
      gpt-4o: {}
      gpt-4o-mini: {}
      o1: {}
    plans:
      hobby: {product: prod_hobby, price: 0 USD per month, credits: 50}
      pro: {product: prod_pro, price: 20 USD per month, credits: 100}
    """

  /// What makes the service ship usage, which else waits in the outbox.
  static let meter = """
    meter:
      event: ai.request
      aggregation: sum
      property: credit_cost
      units_per_credit: 1
      properties: [request_type, model]
    """

  static let costs = costs(chat: "1")

  /// The costs with a price of a chat on gpt-4o of one's own.
  static func costs(chat: String) -> String {
    """
    costs:
      - name: weights
        table: [request_type, model]
        cells:
          tab_completion: {any: 0}
          chat: {gpt-4o: \(chat), gpt-4o-mini: 0.5, o1: 5}
          agent: {gpt-4o: 10, gpt-4o-mini: 2, o1: 25}
      - name: long chats
        when: {request_type: chat, model: gpt-4o, input_tokens: {above: 1000}}
        rates: {input_tokens: 0.01}
      - name: speech
        when: {request_type: chat, model: gpt-4o-mini, audio_seconds: present}
        rates: {audio_seconds: 0.1}
      - name: not sold
        when: {plan: hobby, model: o1}
        deny: o1 is not part of the Hobby plan.

    """
  }

  static let tiers = """
    tiers:
      - tier: premium
      - {name: no credits left, tier: slow, when: {balance: {at_most: 0}}}
      - name: slow until topped up
        tier: slow
        when: {current_tier: slow, balance_percent: {below: 20}}
      - {name: slow while unknown, tier: slow, when: {current_tier: slow, balance_percent: absent}}
    routes:
      - {name: slow, when: {tier: slow}, model: gpt-4o-mini, queue: standard}
    """

  static let files = ["shop.yaml": header, "costs.yaml": costs, "tiers.yaml": tiers]
}

extension Shop {
  /// Adds customers of whom more and less is known.
  static func addCustomers(to store: Store) throws {
    let now = Instant.present
    func known(
      _ id: String, plan: String? = nil, balance: String? = nil, tier: String? = nil
    ) throws -> Change {
      .customer(
        CustomerChange(
          id: id, plan: plan.map { Known($0, at: now, source: "test") },
          balance: try balance.map {
            Known(try Number(parsing: $0, signed: true), at: now, source: "test")
          }, tier: .some(tier),
          cause: "test", at: now))
    }
    _ = try store.commit([
      try known("plain", plan: "pro", balance: "73", tier: "premium"),
      try known("poor", plan: "hobby", balance: "-0.25", tier: "slow"),
      try known("unplanned", balance: "12", tier: "slow"),
      try known("tierless", plan: "pro", balance: "0.000001"),
      try known("former tier", plan: "pro", balance: "10", tier: "go\"ld"),
      try known("José", plan: "hobby", balance: "0"),
    ])
  }
}
