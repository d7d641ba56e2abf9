import Ratecard
import RatecardValues

/// The ways in which one card answers: with decision graphs and without, through a buffer of its own
/// for each request and through one that is used again.
final class Forms {
  private let card: RateCard
  private let rows: RateCard
  private var used: RequestBuffer

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
    return answers.allSatisfy { $0 == answers[0] } ? nil : "the ways to ask differ: \(answers)"
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
