internal import RatecardDiagnostics
internal import RatecardSyntax
internal import RatecardValues

/// Readers of single values. Each returns nil after reporting what is wrong; `what` says what is
/// read, as the subject of a sentence: "`decimals`", "a rate".
extension CheckContext {
  /// Any scalar, as text.
  mutating func text(_ node: Node, _ what: String) -> String? {
    guard node.kind == .scalar else {
      report(
        .wrongKind, "\(what) must be a text, this is \(node.inWords)", at: node.span,
        help: "to write text that looks like a list or a map, quote it")
      return nil
    }
    guard !node.isMissing else {
      report(.missingValue, "\(what) has no value", at: node.span)
      return nil
    }
    return node.text
  }

  /// Any scalar that is not empty text.
  mutating func name(_ node: Node, _ what: String) -> String? {
    guard let text = text(node, what) else { return nil }
    guard !text.isEmpty else {
      report(
        .invalidName, "\(what) is empty", at: node.span, help: "write a name between the quotes")
      return nil
    }
    return text
  }

  /// One of a few words.
  mutating func option(_ node: Node, _ what: String, among options: [String]) -> String? {
    guard let text = text(node, what) else { return nil }
    guard options.contains(text) else {
      let suggestion = Suggestion.closest(to: text, among: options)
      report(
        .unknownOption, "\(what) cannot be `\(text)`", at: node.span,
        help: suggestion.map { "did you mean `\($0)`?" } ?? Self.list(options))
      return nil
    }
    return text
  }

  /// `true` or `false`, without quotes.
  mutating func flag(_ node: Node, _ what: String) -> Bool? {
    guard let text = text(node, what) else { return nil }
    if node.isPlain, let flag = Bool(text) { return flag }
    if Bool(text) != nil {
      report(
        .wrongKind, "\(what) must be `true` or `false`, in quotes it is text", at: node.span,
        help: "remove the quotes",
        fix: Diagnostic.Fix("remove the quotes", replacing: node.span, with: text))
    } else {
      report(
        .wrongKind, "\(what) must be `true` or `false`, this is \(node.inWords)", at: node.span,
        help: Self.flagWords[text.lowercased()].map { "did you mean `\($0)`?" })
    }
    return nil
  }

  private static let flagWords = [
    "yes": true, "no": false, "on": true, "off": false, "y": true, "n": false, "1": true,
    "0": false, "true": true, "false": false,
  ]

  /// A decimal number, without quotes; with a sign only where `signed`.
  mutating func number(_ node: Node, _ what: String, signed: Bool = false) -> Number? {
    guard node.kind == .scalar, !node.isMissing else {
      report(
        node.isMissing ? .missingValue : .wrongKind,
        "\(what) must be a number, this is \(node.inWords)", at: node.span)
      return nil
    }
    guard node.isPlain else {
      let isNumber = (try? Number(parsing: node.text, signed: signed)) != nil
      report(
        .malformedNumber, "\(what) must be a number, in quotes it is text", at: node.span,
        help: isNumber ? "remove the quotes" : nil,
        fix: isNumber
          ? Diagnostic.Fix("remove the quotes", replacing: node.span, with: node.text) : nil)
      return nil
    }
    return number(node.text, at: node.span, what, signed: signed)
  }

  /// A decimal number that stands in a longer text.
  mutating func number(
    _ text: String, at span: Span, _ what: String, signed: Bool = false
  ) -> Number? {
    do {
      return try Number(parsing: text, signed: signed)
    } catch {
      if case .malformed = error {
        report(.malformedNumber, "`\(text)` is not a number", at: span, help: error.reason)
      } else {
        report(.numberOutOfRange, "`\(text)` cannot be held exactly", at: span, help: error.reason)
      }
      return nil
    }
  }

  /// A number within bounds, both of which belong to it.
  mutating func number(
    _ node: Node, _ what: String, from lower: Int, to upper: Int? = nil
  ) -> Number? {
    guard let number = number(node, what, signed: true) else { return nil }
    if number < Number(lower) || upper.map({ number > Number($0) }) == true {
      let range = upper.map { "from \(lower) to \($0)" } ?? "\(lower) or more"
      report(.numberOutOfRange, "\(what) must be \(range), not `\(node.text)`", at: node.span)
      return nil
    }
    return number
  }

  /// A whole number within bounds, both of which belong to it.
  mutating func integer(_ node: Node, _ what: String, in range: ClosedRange<Int>) -> Int? {
    guard let number = number(node, what, signed: true) else { return nil }
    guard let integer = number.asInteger(), let integer = Int(exactly: integer),
      range.contains(integer)
    else {
      report(
        .numberOutOfRange,
        "\(what) must be a whole number from \(range.lowerBound) to \(range.upperBound), "
          + "not `\(node.text)`", at: node.span)
      return nil
    }
    return integer
  }

  /// An instant with its zone, or a date (midnight UTC).
  mutating func instant(_ node: Node, _ what: String) -> Instant? {
    guard let text = text(node, what) else { return nil }
    do {
      return try Instant(parsing: text)
    } catch {
      report(
        .malformedInstant, "`\(text)` is not an instant", at: node.span,
        help: error.reason)
      return nil
    }
  }

  /// The items of a list that is not empty and has no empty item.
  mutating func items(_ node: Node, _ what: String) -> [Node]? {
    guard node.kind == .sequence else {
      report(
        .wrongKind, "\(what) must be a list, this is \(node.inWords)", at: node.span,
        help: node.kind == .scalar ? "write `[\(node.text)]`" : nil)
      return nil
    }
    guard !node.items.isEmpty else {
      report(.emptyList, "\(what) is an empty list", at: node.span)
      return nil
    }
    var isWhole = true
    for item in node.items where item.isMissing {
      report(.missingValue, "an entry of \(what) is empty", at: item.span)
      isWhole = false
    }
    return isWhole ? Array(node.items) : nil
  }

  /// The items of a list, or the one scalar that stands in its place.
  mutating func oneOrMore(_ node: Node, _ what: String) -> [Node]? {
    node.kind == .scalar ? [node] : items(node, what)
  }

  /// A scalar that is handed through as it is: unquoted, `true` and `false` are flags and numbers
  /// are numbers; everything else is text.
  mutating func parameter(_ node: Node, _ what: String) -> Value? {
    guard let text = text(node, what) else { return nil }
    guard node.isPlain else { return .text(ExactText(text)) }
    if let flag = Bool(text) { return .flag(flag) }
    if let number = try? Number(parsing: text, signed: true) { return .number(number) }
    return .text(ExactText(text))
  }

  /// An amount of a currency: `0.04 USD`.
  mutating func money(_ node: Node, _ what: String) -> Money? {
    guard let text = text(node, what) else { return nil }
    let words = text.split(separator: " ", omittingEmptySubsequences: true)
    guard words.count == 2, let currency = Currency(String(words[1])) else {
      report(
        .malformedMoney, "\(what) must be an amount of a currency, not `\(text)`", at: node.span,
        help: "write it as `0.04 USD`")
      return nil
    }
    guard let amount = number(String(words[0]), at: node.span, what) else { return nil }
    return Money(amount: amount, currency: currency.code)
  }
}

/// A currency's code: three capital letters, as in ISO 4217.
struct Currency {
  /// The code.
  let code: String

  /// Nil when the text is not three capital letters.
  init?(_ text: String) {
    guard text.utf8.count == 3, text.utf8.allSatisfy({ (65...90).contains($0) }) else { return nil }
    code = text
  }
}
