import RatecardModel

/// Combinations of quantities of which some are parts of others, each part within its whole.
struct PartTree {
  /// What a quantity may be: a run of numbers between two samples, or absent.
  private struct Run {
    let isAbsent: Bool
    let low: Fraction
    /// nil: any number from `low`.
    let high: Fraction?
  }

  private let card: Card
  private let members: [AttributeID]
  private let runs: [AttributeID: [Run]]

  /// `samples` are numbers on both sides of every number at which an answer changes, sorted;
  /// `isAlike` says whether all questions about an attribute answer alike for two of them.
  init(
    _ card: Card, members: Set<AttributeID>, samples: (AttributeID) -> [Fraction],
    isAlike: (AttributeID, Fraction, Fraction) -> Bool
  ) {
    self.card = card
    self.members = members.sorted()
    var runs: [AttributeID: [Run]] = [:]
    for id in members {
      var found = card[id].defaultValue == nil ? [Run(isAbsent: true, low: .zero, high: .zero)] : []
      let numbers = samples(id)
      var low = numbers[0]
      for (number, next) in zip(numbers, numbers.dropFirst()) where !isAlike(id, number, next) {
        found.append(Run(isAbsent: false, low: low, high: number))
        low = next
      }
      found.append(Run(isAbsent: false, low: low, high: nil))
      runs[id] = found
    }
    self.runs = runs
  }

  func combinations() -> [TwinRequest] {
    var partial: [[AttributeID: Run]] = [[:]]
    for id in members {
      partial = partial.flatMap { chosen in
        (runs[id] ?? []).map { run in chosen.merging([id: run]) { $1 } }
      }
    }
    return partial.compactMap(smallest)
  }

  /// The least quantities within the runs that have room for their parts; nil: there are none.
  private func smallest(_ chosen: [AttributeID: Run]) -> TwinRequest? {
    var request: TwinRequest = [:]
    var fits = true
    func need(_ id: AttributeID) -> Fraction {
      let parts = card.attributes.filter { $0.partOf == id }.map { need($0.id) }
      var value = parts.reduce(.zero, +)
      if card[id].kind == .count { value = value.ceiling }
      guard let run = chosen[id] else {
        if !value.isZero { request[id] = .number(value) }
        return value
      }
      value = max(value, run.low)
      if let high = run.high, value > high { fits = false }
      if !run.isAbsent { request[id] = .number(value) }
      return value
    }
    for attribute in card.attributes where attribute.partOf == nil {
      if card.attributes.contains(where: { $0.partOf == attribute.id }) { _ = need(attribute.id) }
    }
    return fits ? request : nil
  }
}
