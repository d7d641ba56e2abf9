internal import Ratecard
internal import RatecardDiagnostics
internal import RatecardWorkloads

/// A card to measure with.
struct Workload {
  /// Its kind and size, such as `large-1000`.
  let name: String
  let text: String

  /// A realistic card of so many rules.
  static func large(_ rules: Int, seed: UInt64 = 1) -> Workload {
    Workload(name: "large-\(rules)", text: LargeCard(rules: rules, seed: seed).text)
  }

  /// A card that is hard to reason about.
  static func hard(_ kind: HardCard, size: Int) -> Workload {
    Workload(name: "\(kind.rawValue)-\(size)", text: kind.text(size: size))
  }
}

extension Workload {
  /// The card that some words ask for; nil: they ask for none.
  init?(_ kind: String, _ numbers: [Int?]) {
    let numbers = numbers.compactMap(\.self).filter { $0 > 0 }
    if kind == "large", (1...2).contains(numbers.count) {
      self = .large(numbers[0], seed: UInt64(numbers.last ?? 1))
    } else if let kind = HardCard(rawValue: kind), numbers.count == 1 {
      self = .hard(kind, size: numbers[0])
    } else {
      return nil
    }
  }
}

extension RateCard {
  /// Why a card to measure with is none.
  struct Refused: Error {
    let reason: String
  }

  /// The card that was loaded; a refused one is thrown.
  static func loaded(_ result: LoadResult) throws -> RateCard {
    if let card = result.card { return card }
    let first = result.report.diagnostics.first.map { "\($0.code.id) \($0.message)" }
    throw Refused(reason: first ?? "")
  }
}
