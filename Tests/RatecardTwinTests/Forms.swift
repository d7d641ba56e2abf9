import Ratecard
import RatecardValues

/// The ways in which one card answers: with decision graphs and without, through a buffer of its own
/// for each request and through one that is used again, and prepared for what the request carries.
final class Forms {
  private let card: RateCard
  private let rows: RateCard
  private var used: RequestBuffer
  /// By what requests carry.
  private var prepared: [String: [PreparedForm]] = [:]

  /// How many shapes of requests are kept at most.
  private static let shapeLimit = 40

  init(_ card: RateCard) {
    self.card = card
    rows = card.withoutGraphs()
    used = RequestBuffer(for: card)
  }

  /// How the ways differ in their answer to a request; nil: they do not.
  func difference(_ request: [String: RequestValue], isPrice: Bool) -> String? {
    var fresh = RequestBuffer(for: card)
    var other = RequestBuffer(for: rows)
    used.clear()
    let answers = [
      Self.answer(card, request, &fresh, isPrice), Self.answer(rows, request, &other, isPrice),
      Self.answer(card, request, &used, isPrice),
      // An answer leaves the request as it was.
      Self.answer(card, request, &used, isPrice),
    ]
    guard answers.allSatisfy({ $0 == answers[0] }) else {
      return "the ways to ask differ: \(answers)"
    }
    return preparedDifference(request, isPrice)
  }

  /// How a card that is prepared answers differently to what of a request is a row.
  private func preparedDifference(
    _ request: [String: RequestValue], _ isPrice: Bool
  ) -> String? {
    let (texts, integers) = PreparedForm.columns(request)
    let shape = "\(isPrice) \(texts.map(\.name)) \(integers.map(\.name))"
    do {
      for form in try forms(shape, texts.map(\.name), integers.map(\.name), isPrice) {
        if let difference = try form.difference(texts.map(\.value), integers.map(\.value)) {
          return difference
        }
      }
      return nil
    } catch {
      // What is wrong with every such request is wrong with this one.
      var buffer = RequestBuffer(for: card)
      let row = Dictionary(
        uniqueKeysWithValues: texts.map { ($0.name, RequestValue.text($0.value)) }
          + integers.map { ($0.name, .number(Number($0.value))) })
      let answer = Self.answer(card, row, &buffer, isPrice)
      return answer.contains("RequestError") ? nil : "prepared \(shape): \(error), not \(answer)"
    }
  }

  private func forms(
    _ shape: String, _ texts: [String], _ integers: [String], _ isPrice: Bool
  ) throws -> [PreparedForm] {
    if let known = prepared[shape] { return known }
    if prepared.count >= Self.shapeLimit { prepared = [:] }
    let made = try [card, rows].map {
      try PreparedForm($0, texts: texts, integers: integers, isPrice: isPrice)
    }
    prepared[shape] = made
    return made
  }

  private static func answer(
    _ card: RateCard, _ request: [String: RequestValue], _ buffer: inout RequestBuffer,
    _ isPrice: Bool
  ) -> String {
    do {
      for (name, value) in request.sorted(by: { $0.key < $1.key }) {
        try buffer.set(card.handle(name), value)
      }
      return isPrice
        ? "\(try card.price(&buffer, at: .earliest))"
        : "\(try card.decide(&buffer, at: .earliest))"
    } catch {
      return "\(error)"
    }
  }
}
