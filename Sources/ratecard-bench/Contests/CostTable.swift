internal import Ratecard
internal import RatecardDiagnostics
internal import RatecardJSON
internal import RatecardTestSupport
internal import RatecardValues

/// A price for each pair of request type and model, as an application would look it up.
struct CostTable {
  let name: String
  let card: RateCard
  /// By request type and model.
  let cells: [String: [String: Int]]
  /// The request type that costs nothing.
  static let free = "tab_completion"
  /// Some ask for what the table does not have, which costs 1.
  private let requests: [(type: String, model: String)]

  /// The table of the card in `pricing`; `unknown` are models that requests may ask for as well.
  init(shipped folder: String, unknown: [String]) throws {
    let cells = [
      "chat": ["gpt-4o-mini": 1, "gpt-4o": 1, "claude-sonnet": 1],
      "composer": ["gpt-4o-mini": 2, "gpt-4o": 5, "claude-sonnet": 5],
      "agent": ["gpt-4o": 10, "claude-sonnet": 10, "o1": 25],
    ]
    try self.init(
      unknown.isEmpty ? "shipped" : "shipped-unknown", RateCard.load(folder: folder), cells,
      types: ["chat", "composer", "agent", "tab_completion", "review"],
      models: ["gpt-4o-mini", "gpt-4o", "claude-sonnet", "o1"] + unknown)
  }

  /// A table of so many cells.
  init(cells count: Int) throws {
    let types = ["chat", "composer", "agent", "search", "review"]
    let models = (0..<count / types.count).map { "model-\($0 / 26)-\(Character(letter: $0))" }
    var cells: [String: [String: Int]] = [:]
    var text = """
      ratecard: 1
      name: table
      credit: {unit: credit, decimals: 0}
      models:

      """
    for model in models { text += "  \(model): {}\n" }
    text += """
      costs:
        - {name: anything else, credits: 1}
        - name: free
          when: {request_type: tab_completion}
          credits: 0
        - name: weights
          table: [request_type, model]
          cells:

      """
    for (place, type) in types.enumerated() {
      text += "      \(type):\n"
      for (number, model) in models.enumerated() {
        let price = 2 + (number * 7 + place * 13) % 9_973
        cells[type, default: [:]][model] = price
        text += "        \(model): \(price)\n"
      }
    }
    try self.init(
      "table-\(count)",
      RateCard.load(files: [SourceFile(path: "card.yaml", bytes: Array(text.utf8))]),
      cells,
      types: types + [Self.free], models: models)
  }

  private init(
    _ name: String, _ result: LoadResult, _ cells: [String: [String: Int]], types: [String],
    models: [String]
  ) throws {
    self.name = name
    self.cells = cells
    card = try .loaded(result)
    var random = SplitMix(seed: 11)
    requests = (0..<65_536).map { _ in
      (types[random.below(types.count)], models[random.below(models.count)])
    }
  }

  func contest(outer: [(name: String, script: String)]) throws -> Contest {
    let cells = cells
    let answers = requests.map { type, model in
      type == Self.free ? 0 : Int32(cells[type]?[model] ?? 1)
    }
    var inner = [
      try ours(), try oursTogether(), looking("Swift [String: [String: Int]]", cells),
    ]
    if name.hasPrefix("shipped") { inner.append(switching()) }
    return Contest(
      name: name, description: description, answers: answers, inner: inner, outer: outer)
  }

  private func ours() throws -> InnerContender {
    let (card, given) = (card, requests.flatMap { [$0.type, $0.model] })
    let (now, noIntegers) = (try Instant(parsing: "2026-11-26"), [Int]())
    return InnerContender("ratecard, from Strings", count: requests.count) { answers in
      var prepared = try card.prepared(for: .price, texts: ["request_type", "model"])
      let (given, noIntegers) = (given.span, noIntegers.span)
      for index in answers.indices {
        let verdict = try prepared.judge(
          given.extracting(index &* 2..<index &* 2 &+ 2), noIntegers, at: now)
        answers[index] = verdict.credits?.units(ofDecimals: 0) ?? -1
      }
    }
  }

  /// Many requests at once.
  private func oursTogether() throws -> InnerContender {
    let (card, given) = (card, requests.flatMap { [$0.type, $0.model] })
    let (now, noIntegers) = (try Instant(parsing: "2026-11-26"), [Int]())
    return InnerContender("ratecard, 256 at once", count: requests.count) { answers in
      var prepared = try card.prepared(for: .price, texts: ["request_type", "model"])
      var verdicts = Array(repeating: Verdict.unanswered, count: 256)
      let (given, noIntegers) = (given.span, noIntegers.span)
      for first in stride(from: 0, to: answers.count, by: 256) {
        var span = verdicts.mutableSpan
        prepared.judge(
          given.extracting(first * 2..<(first + 256) * 2), noIntegers, at: now, into: &span)
        for row in span.indices {
          answers[first + row] = span[row].credits?.units(ofDecimals: 0) ?? -1
        }
      }
    }
  }

  private func looking(_ name: String, _ cells: [String: [String: Int]]) -> InnerContender {
    let requests = requests
    return InnerContender(name, count: requests.count) { answers in
      for (index, request) in requests.enumerated() {
        answers[index] =
          request.type == Self.free
          ? 0 : Int32(truncatingIfNeeded: cells[request.type]?[request.model] ?? 1)
      }
    }
  }

  private func switching() -> InnerContender {
    let requests = requests
    return InnerContender("Swift, hand-written switch", count: requests.count) { answers in
      for (index, request) in requests.enumerated() {
        answers[index] = Self.cost(request.type, request.model)
      }
    }
  }

  private static func cost(_ type: String, _ model: String) -> Int32 {
    switch type {
    case "tab_completion": 0
    case "composer":
      switch model {
      case "gpt-4o-mini": 2
      case "gpt-4o", "claude-sonnet": 5
      default: 1
      }
    case "agent":
      switch model {
      case "gpt-4o", "claude-sonnet": 10
      case "o1": 25
      default: 1
      }
    default: 1
    }
  }

  /// The table and the requests, for contenders in other languages.
  private var description: JSONValue {
    [
      "kind": "table", "free": .string(Self.free),
      "cells": .object(
        cells.sorted { $0.key < $1.key }.map { type, row in
          .init(
            type,
            .object(row.sorted { $0.key < $1.key }.map { .init($0.key, .number("\($0.value)")) }))
        }),
      "attributes": ["request_type", "model"],
      "requests": .array(requests.map { [.string($0.type), .string($0.model)] }),
    ]
  }
}

extension Character {
  fileprivate init(letter number: Int) { self.init(UnicodeScalar(UInt8(97 + number % 26))) }
}
