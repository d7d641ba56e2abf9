internal import RatecardDiagnostics
internal import RatecardSyntax
internal import RatecardValues

/// Amounts: `10`, `0.04 USD`, and `3 USD per 1M` where a rate belongs. All come out as exact
/// credits; every reader returns nil after something was reported.
extension CheckContext {
  /// A flat amount, in credits.
  mutating func amount(_ node: Node, _ what: String) -> Rational? {
    plainCredits(node) ?? writtenAmount(node, what, isRate: false)
  }

  /// A rate: an amount, or an amount `per` a number of units; in credits per unit.
  mutating func linearRate(_ node: Node, _ what: String) -> Rational? {
    plainCredits(node) ?? plainRate(node) ?? writtenAmount(node, what, isRate: true)
  }

  /// What `3 USD per 1M` comes to, as most rates are written; nil for all else, and for what is wrong.
  private func plainRate(_ node: Node) -> Rational? {
    guard node.kind == .scalar, node.isPlain, let worth = credit.worth else { return nil }
    return node.withUTF8 { bytes -> Rational? in
      let words = bytes.split(separator: UInt8(ascii: " "), maxSplits: 4)
      guard words.count == 4, words[1].elementsEqual(worth.currency.utf8),
        words[2].elementsEqual("per".utf8),
        let amount = try? Number(parsing: UnsafeBufferPointer(rebasing: words[0])),
        let units = try? Number(parsing: UnsafeBufferPointer(rebasing: words[3])), !units.isZero
      else { return nil }
      return try? Rational(amount) / Rational(worth.amount) / Rational(units)
    }
  }

  /// The amount that a number alone is, which is what most amounts are; nil for all else.
  private func plainCredits(_ node: Node) -> Rational? {
    guard node.kind == .scalar, node.isPlain else { return nil }
    let number = node.withUTF8 { try? Number(parsing: $0) }
    return number.flatMap { try? Rational($0) }
  }

  private mutating func writtenAmount(_ node: Node, _ what: String, isRate: Bool) -> Rational? {
    guard let text = amountText(node, what, isRate: isRate) else { return nil }
    let words = Word.split(text, of: node)
    var rest = words[...]
    let first = rest.popFirst()
    let currency = rest.first.flatMap { Currency($0.text) }
    if currency != nil { rest.removeFirst() }
    let divisor: Word? = rest.count == 2 && rest.first?.text == "per" ? rest.last : nil
    guard let first, rest.isEmpty || divisor != nil else {
      reportMalformedAmount(words, node, what, isRate: isRate)
      return nil
    }
    guard isRate || divisor == nil else {
      report(
        .malformedAmount, "\(what) must be a flat amount, not one `per` unit", at: node.span,
        help: "an amount per unit stands under `rates:` beside its attribute, or in a table with "
          + "`per: ATTRIBUTE`")
      return nil
    }
    guard let amount = amountNumber(first, words, node, what, isRate: isRate) else { return nil }
    var units: Number?
    if let divisor {
      units = number(divisor.text, at: divisor.span, "`per`")
      guard let units else { return nil }
      if units.isZero {
        report(
          .numberOutOfRange, "nothing is sold `per 0`", at: divisor.span,
          help: "write `per 1`, or leave `per` out")
        return nil
      }
    }
    var worth: Number?
    if let currency {
      worth = creditWorth(in: currency, at: node.span)
      guard worth != nil else { return nil }
    }
    return quotient(of: amount, by: [worth, units].compactMap { $0 }, at: node.span)
  }

  /// The text of an amount; a number in quotes is none.
  private mutating func amountText(_ node: Node, _ what: String, isRate: Bool) -> String? {
    guard node.kind == .scalar else {
      report(
        .wrongKind, "\(what) must be an amount, this is \(node.inWords)", at: node.span,
        help: Self.amountForms(isRate: isRate))
      return nil
    }
    guard !node.isMissing, !node.text.isEmpty else {
      report(.missingValue, "\(what) has no amount", at: node.span, help: "0 is an amount")
      return nil
    }
    let text = node.text
    guard !node.isPlain, (try? Number(parsing: text)) != nil else { return text }
    report(
      .malformedAmount, "\(what) must be an amount, in quotes `\(text)` is text", at: node.span,
      help: "remove the quotes",
      fix: Diagnostic.Fix("remove the quotes", replacing: node.span, with: text))
    return nil
  }

  /// The number of an amount, which is never negative.
  private mutating func amountNumber(
    _ word: Word, _ words: [Word], _ node: Node, _ what: String, isRate: Bool
  ) -> Number? {
    do {
      return try Number(parsing: word.text)
    } catch {
      if word.text.first == "-", (try? Number(parsing: word.text, signed: true)) != nil {
        report(
          .negativeAmount, "`\(word.text)` is negative, an amount never is", at: word.span,
          help: "what is free costs 0; a discount is an adjustment: `multiply: 0.9`")
      } else if case .malformed = error, Self.help(for: words) != nil || words.count == 1 {
        let isNumeral = word.text.first?.isNumber == true || word.text.first == "."
        reportMalformedAmount(
          words, node, what, isRate: isRate, reason: isNumeral ? error.reason : nil)
      } else {
        _ = number(word.text, at: word.span, what)
      }
      return nil
    }
  }

  /// What a credit is worth in a currency.
  private mutating func creditWorth(in currency: Currency, at span: Span) -> Number? {
    guard let worth = credit.worth else {
      // A worth that is there but wrong has been reported where it stands.
      let isWritten = sections.single("credit")?.value.entries.contains { $0.key.text == "worth" }
      guard isWritten != true, !isPartial, !partialSections.contains("credit") else { return nil }
      report(
        .currencyWithoutWorth, "nothing says what a credit is worth in \(currency.code)", at: span,
        help: "add `credit: {worth: 0.04 \(currency.code)}` to the header, or write the amount in "
          + "credits")
      return nil
    }
    guard worth.currency == currency.code else {
      report(
        .otherCurrency,
        "the amount is in \(currency.code), a credit is worth "
          + "`\(worth.amount) \(worth.currency)`", at: span,
        help: "write it in \(worth.currency) or in credits; a card has one currency")
      return nil
    }
    return worth.amount
  }

  /// An amount divided by numbers that are not 0, exactly.
  private mutating func quotient(
    of amount: Number, by divisors: [Number], at span: Span
  ) -> Rational? {
    do {
      var result = try Rational(amount)
      for divisor in divisors { result = try result / Rational(divisor) }
      return result
    } catch {
      report(
        .inexactAmount, "the amount cannot be held exactly", at: span,
        help: "as a fraction of credits in lowest terms, both sides stay below 2^127 (38 digits)")
      return nil
    }
  }

  private mutating func reportMalformedAmount(
    _ words: [Word], _ node: Node, _ what: String, isRate: Bool, reason: String? = nil
  ) {
    report(
      .malformedAmount, "`\(node.text)` is not an amount", at: node.span,
      help: Self.help(for: words) ?? reason ?? Self.amountForms(isRate: isRate))
  }

  private static func amountForms(isRate: Bool) -> String {
    isRate
      ? "write `0.5`, `0.04 USD`, or `3 USD per 1M`"
      : "write `10`, or `0.04 USD` where a credit has a worth"
  }

  /// What to write instead of the usual slips, or nil.
  private static func help(for words: [Word]) -> String? {
    guard !words.isEmpty else { return nil }
    let text = words.map(\.text).joined(separator: " ")
    let signs: [Character: String] = ["$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"]
    if let sign = text.first(where: { signs[$0] != nil }), let code = signs[sign] {
      return "write the currency after the number: `\(words[0].text.filter { $0 != sign }) \(code)`"
    }
    if words.count > 1, Currency(words[0].text) != nil {
      return "write the currency after the number: `\(words[1].text) \(words[0].text)`"
    }
    if words.count > 1, Currency(words[1].text) == nil, Currency(words[1].text.uppercased()) != nil,
      words[1].text != "per"
    {
      return "write the currency in capitals: `\(words[0].text) \(words[1].text.uppercased())`"
    }
    if text.contains("/") { return "write `per` for `/`: `3 USD per 1M`" }
    let digits = words[0].text.prefix { !$0.isLetter }
    let unit = words[0].text.dropFirst(digits.count)
    if !digits.isEmpty, Currency(unit.uppercased()) != nil {
      return "write a space before the currency: `\(digits) \(unit.uppercased())`"
    }
    if words.count > 1, words[1].text.hasPrefix("credit") {
      return "an amount of credits is the number alone: `\(words[0].text)`"
    }
    if let per = words.firstIndex(where: { $0.text == "per" }), words.count > per + 2 {
      return "after `per` stands a number alone: `per \(words[per + 1].text)`"
    }
    if words.last?.text == "per" { return "after `per` stands a number: `per 1M`" }
    return nil
  }
}

/// A word of a scalar, where it stands.
private struct Word {
  let text: String
  let span: Span

  /// The words between the spaces of a text; where quotes hide their places, all stand at the
  /// whole scalar.
  static func split(_ text: String, of node: Node) -> [Word] {
    let whole = node.span
    let isLiteral = node.isPlain && Int(whole.end - whole.start) == text.utf8.count
    return text.utf8.split(separator: UInt8(ascii: " ")).map { word in
      guard isLiteral else { return Word(text: String(Substring(word)), span: whole) }
      let start = Int(whole.start) + text.utf8.distance(from: text.startIndex, to: word.startIndex)
      let span = Span(file: whole.file, start: start, end: start + word.count)
      return Word(text: String(Substring(word)), span: span)
    }
  }
}
