import RatecardCompiler
import RatecardEngine
import RatecardModel
import RatecardValues

/// A request as it is priced, with what the card's own evaluator answers it.
///
/// What a proof finds is shown to a person only when this agrees.
struct ServedRequest {
  /// What it costs.
  enum Answer {
    case priced(credits: Number, rule: Int, adjustments: [Int])
    case refused(rule: Int)
    case failed(Evaluator.Failure)
  }

  let witness: Witness
  let answer: Answer
  private let atoms: [Int32]

  /// Asks for the price of a request; nil where it is none.
  init?(_ witness: Witness, of sheet: PriceSheet) {
    self.witness = witness
    var request = Request(for: sheet.plan.table)
    do {
      for (name, text) in witness.pairs {
        // Another card's attributes are of no concern to this one.
        guard let attribute = sheet.card.attribute(named: name) else { continue }
        let isModel = [.model, .requestedModel].contains(attribute.id)
        try request.set(
          attribute, spelled: isModel ? sheet.models.name(of: ExactText(text)).string : text)
      }
      for attribute in sheet.card.attributes where !request.carries(attribute.id.index) {
        if let value = attribute.defaultValue { try request.set(attribute, to: value) }
      }
      // As a decision goes on once it is routed: a tier may be missing there.
      try request.finishAsRouted(isAsked: !witness.isUnasked)
    } catch {
      return nil
    }
    do throws(Evaluator.Failure) {
      let cost = try Evaluator(sheet.plan.table).price(&request)
      if let credits = cost.credits {
        answer = .priced(
          credits: credits, rule: cost.rule,
          adjustments: request.appliedAdjustments.map { Int($0) })
      } else {
        answer = .refused(rule: cost.rule)
      }
    } catch {
      answer = .failed(error)
    }
    atoms = request.allAtoms
  }

  var isPriced: Bool {
    if case .priced = answer { true } else { false }
  }

  /// What it costs; the request is priced.
  var credits: Number {
    guard case .priced(let credits, _, _) = answer else {
      preconditionFailure("only what has a price is asked for its credits")
    }
    return credits
  }

  /// Whether it lies in one of some boxes of its card's own space.
  func isInside(_ boxes: [Box]) -> Bool {
    boxes.contains { box in
      box.sides.allSatisfy { $0.atoms.contains(Int(atoms[$0.axis])) }
    }
  }
}

extension Request {
  fileprivate struct Unreadable: Error {}

  fileprivate mutating func set(_ attribute: Attribute, spelled text: String) throws {
    let place = attribute.id.index
    switch attribute.kind {
    case .text, .choice: try set(place, text: text)
    case .flag: try set(place, flag: text == "true")
    case .count, .quantity, .number:
      try set(place, number: Number(parsing: text, signed: true))
    case .instant: try set(place, instant: Instant(parsing: text))
    case .windows: throw Unreadable()
    }
  }

  fileprivate mutating func set(_ attribute: Attribute, to value: Value) throws {
    let place = attribute.id.index
    switch value {
    case .text(let text): try set(place, text: text.string)
    case .flag(let flag): try set(place, flag: flag)
    case .number(let number): try set(place, number: number)
    case .instant(let instant): try set(place, instant: instant)
    }
  }
}
