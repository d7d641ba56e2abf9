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

  /// A card of so many rules that decides as well as it prices.
  static func decisions(_ rules: Int) -> Workload {
    Workload(name: "decisions-\(rules)", text: DecisionCard(rules: rules).text)
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
    } else if kind == "decisions", numbers.count == 1 {
      self = .decisions(numbers[0])
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

extension DecisionCard {
  /// Random requests to a card of so many rules, each a JSON object in a line, with eight attributes:
  /// five texts, two numbers and a time.
  static func lines(_ rules: Int, _ count: Int) -> String {
    var lines = ""
    let requests = DecisionCard(rules: rules).requests(min(count, 65_536), seed: 7)
    for number in 0..<count {
      let request = requests[number % requests.count]
      var members = zip(texts, request.texts).map { "\"\($0)\": \"\($1)\"" }
      members += zip(numbers, request.numbers).map { "\"\($0)\": \($1)" }
      let (hour, minute) = (10 + number / 60 % 14, 10 + number % 50)
      members.append("\"at\": \"2026-11-26T\(hour):\(minute):07Z\"")
      lines += "{\(members.joined(separator: ", "))}\n"
    }
    return lines
  }
}
