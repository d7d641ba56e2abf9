internal import RatecardJSON
internal import RatecardStore
internal import RatecardValues

/// A report of usage without a price, as someone corrected it.
///
/// Everything that a report says may be corrected but its `id`, under which the client knows it;
/// a `decision` is sealed, and can only be taken away.
struct CorrectedReport: Sendable {
  private let id: String
  private let from: [JSONValue.Member]
  private let to: [JSONValue.Member]
  /// The report.
  let body: [UInt8]

  /// Puts corrections into a letter's report; null takes a member away.
  init(of letter: DeadLetter, _ corrections: [JSONValue.Member]) throws(Problem) {
    id = letter.id
    let bytes = Array(letter.body.utf8)
    guard !corrections.isEmpty else {
      (from, to, body) = ([], [], bytes)
      return
    }
    guard var members = (try? JSONValue(parsing: bytes))?.members else {
      throw Problem(422, letter.code, "the report cannot be read, and so not be corrected")
    }
    var before: [JSONValue.Member] = []
    for correction in corrections {
      try Self.check(correction)
      let name = ExactText(correction.name)
      let place = members.firstIndex { ExactText($0.name) == name }
      before.append(.init(correction.name, place.map { members[$0].value } ?? .null))
      if let place { members.remove(at: place) }
      if correction.value != .null { members.append(correction) }
    }
    (from, to, body) = (before, corrections, Array(JSONValue.object(members).text().utf8))
  }

  private static func check(_ correction: JSONValue.Member) throws(Problem) {
    switch (correction.name, correction.value) {
    case ("id", _):
      throw Problem(
        400, "invalid_request", "an event keeps its `id` for ever", attribute: "id")
    case ("decision", let value) where value != .null:
      throw Problem(
        400, "invalid_request", "a `decision` is sealed: it can be taken away, with null",
        attribute: "decision")
    case (_, .object), (_, .array):
      throw Problem(
        400, "invalid_request", "`\(correction.name)` is neither text, a number, a flag nor null",
        attribute: correction.name)
    default: break
    }
  }

  /// What was corrected.
  func correction(at now: Instant, source: String) -> Correction {
    Correction(
      id: id, at: now, source: source, from: JSONValue.object(from).text(),
      to: JSONValue.object(to).text())
  }
}
