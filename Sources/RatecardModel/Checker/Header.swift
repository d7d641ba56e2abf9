internal import RatecardDiagnostics
internal import RatecardSyntax
internal import RatecardValues

/// What the header says beside `credit`.
struct Header {
  /// The card's own name.
  var name: String
}

extension Credit {
  /// What a credit is where the card does not say.
  static let standard = Credit(
    unit: "credit", decimals: 0, rounding: .halfUp, worth: nil, grant: GrantTerms())
}

extension CheckContext {
  /// The version of the language that this program reads.
  private static let version = "1"

  /// Reads `ratecard`, `name` and `credit`; the latter into `credit`.
  mutating func readHeader() -> Header {
    reportMissingHeader()
    if let node = sections.single("ratecard")?.value, let version = text(node, "`ratecard`"),
      version != Self.version
    {
      report(
        .unknownVersion,
        "this program reads version \(Self.version) of the language, not `\(version)`",
        at: node.span, help: "write `ratecard: \(Self.version)`, or use a later program")
    }
    if let node = sections.single("credit")?.value { readCredit(node) }
    let name = sections.single("name").flatMap { self.name($0.value, "the card's `name`") }
    return Header(name: name ?? "")
  }

  private mutating func reportMissingHeader() {
    guard !isPartial else { return }
    let missing = ["ratecard", "name"].filter {
      !sections.contains($0) && !partialSections.contains($0)
    }
    switch missing {
    case []: break
    case ["ratecard", "name"]:
      report(
        .missingHeader, "no file has the card's header", at: cardSpan,
        help: "write `ratecard: \(Self.version)` and `name: …` at the top of one file")
    default:
      let key = sections.single("ratecard") ?? sections.single("name")
      let what =
        missing == ["name"]
        ? "the card's name, `name: …`" : "the language's version, `ratecard: \(Self.version)`"
      report(
        .missingHeader, "the card's header lacks `\(missing[0])`", at: key?.key.span ?? cardSpan,
        help: "write \(what), beside this")
    }
  }

  private mutating func readCredit(_ node: Node) {
    let keys = ["unit", "decimals", "rounding", "worth"] + Self.grantKeys
    guard let fields = fields(of: node, "`credit`", keys: keys) else { return }
    if let unit = fields["unit"].flatMap({ name($0, "`unit`") }) { credit.unit = unit }
    if let node = fields["decimals"], let decimals = integer(node, "`decimals`", in: 0...10) {
      credit.decimals = decimals
    }
    if let node = fields["rounding"],
      let word = option(
        node, "`rounding`", among: RoundingMode.allCases.map(\.rawValue)),
      let mode = RoundingMode(rawValue: word)
    {
      credit.rounding = mode
    }
    if let node = fields["worth"], let worth = money(node, "`worth`") {
      if worth.amount == .zero {
        report(
          .numberOutOfRange, "a credit that is worth nothing cannot stand for money",
          at: node.span, help: "write what one credit costs, or remove `worth`")
      } else {
        credit.worth = worth
      }
    }
    credit.grant = grantTerms(fields)
  }
}
