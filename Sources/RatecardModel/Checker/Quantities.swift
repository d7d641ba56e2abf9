internal import RatecardDiagnostics
internal import RatecardSyntax
internal import RatecardValues

/// What happens to a quantity before it is priced.
struct QuantityBounds {
  /// It is rounded.
  var rounding: Rate.QuantityRounding?
  /// Then it is at least this.
  var atLeast: Number?
  /// And at most this.
  var atMost: Number?
}

extension CheckContext {
  /// Reads `round`, `at_least` and `at_most`; nil after something was reported.
  mutating func readQuantityBounds(_ fields: Fields) -> QuantityBounds? {
    var bounds = QuantityBounds()
    var isWhole = true
    if let node = fields["round"] {
      bounds.rounding = quantityRounding(node)
      if bounds.rounding == nil { isWhole = false }
    }
    if let node = fields["at_least"] {
      bounds.atLeast = number(node, "`at_least`", from: 0)
      if bounds.atLeast == nil { isWhole = false }
    }
    if let node = fields["at_most"] {
      bounds.atMost = number(node, "`at_most`", from: 0)
      if bounds.atMost == nil { isWhole = false }
    }
    if let least = bounds.atLeast, let most = bounds.atMost, least > most,
      let node = fields["at_least"], let other = fields["at_most"]
    {
      report(
        .crossedBounds, "`at_least: \(node.text)` is above `at_most: \(other.text)`", at: node.span,
        help: "no quantity is both", notes: [Diagnostic.Note("`at_most` is here", at: other.span)])
      isWhole = false
    }
    return isWhole ? bounds : nil
  }

  /// `up to 60`, `down to 1K`, `half_up to 0.1`.
  private mutating func quantityRounding(_ node: Node) -> Rate.QuantityRounding? {
    guard let text = text(node, "`round`") else { return nil }
    let words = text.split(separator: " ").map(String.init)
    let modes: [RoundingMode] = [.up, .down, .halfUp]
    let names = modes.map(\.rawValue)
    guard words.count == 3, words[1] == "to" else {
      let mode = words.first.flatMap { names.contains($0) ? $0 : nil }
      report(
        .malformedRounding, "`\(text)` does not say how a quantity is rounded", at: node.span,
        help: mode.map { "say to what: `\($0) to \(words.count == 2 ? words[1] : "1")`" }
          ?? "write `up to 60`, `down to 60` or `half_up to 60`")
      return nil
    }
    guard let mode = modes.first(where: { $0.rawValue == words[0] }) else {
      let suggestion = Suggestion.closest(to: words[0], among: names)
      report(
        .malformedRounding, "a quantity is not rounded `\(words[0])`", at: node.span,
        help: suggestion.map { "did you mean `\($0)`?" } ?? Self.list(names))
      return nil
    }
    guard let multiple = number(words[2], at: node.span, "`round`") else { return nil }
    guard !multiple.isZero else {
      report(
        .numberOutOfRange, "a quantity is not rounded to a multiple of 0", at: node.span,
        help: "write a number above 0")
      return nil
    }
    return Rate.QuantityRounding(mode, to: multiple)
  }
}
