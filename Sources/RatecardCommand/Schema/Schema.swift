internal import RatecardDiagnostics
internal import RatecardJSON

/// The JSON Schema (2020-12) of the pricing language, for editors.
///
/// It completes keys and finds slips while a card is being written. What it cannot know, such as
/// which names are in scope or which rule beats which, `ratecard lint` finds. It speaks of YAML as
/// read by the 1.2 core schema, which is what editors do: `200K` is a string, `25` a number.
enum Schema {
  private static let accept = Kit.map(
    "Findings of lint that are meant, and why.",
    DiagnosticCode.acceptable.map { code in
      (code.name, Kit.shared("text", "Why this is fine here: \(code.summary)"))
    }, rules: [("minProperties", 1)])

  /// The whole schema, indented.
  static func text() -> String { document.text(pretty: true) + "\n" }

  private static var document: JSONValue {
    Kit.object([
      ("$schema", "https://json-schema.org/draft/2020-12/schema"),
      ("title", "Ratecard pricing language, version 1"),
      (
        "description",
        .string(
          "A file of a rate card: any of these sections. How entries are spread over the files of "
            + "the folder means nothing.")
      ),
      ("type", "object"),
      ("properties", Kit.object(SchemaSections.all + SchemaRules.sections)),
      ("additionalProperties", false),
      (
        "$defs",
        Kit.object(
          SchemaScalars.definitions + SchemaRules.definitions + [("accept", accept)])
      ),
    ])
  }
}

/// Scalars, as YAML reads them.
enum SchemaScalars {
  /// Digits, with `_` between them and one point.
  private static let digits = "[0-9]+(_[0-9]+)*(\\.[0-9]+(_[0-9]+)*)?"
  /// A number that YAML takes for text, since it has `_` or ends in K, M or B.
  private static let spelled = "(?=.*[_KMB])\(digits)([KMB]|e[+-]?[0-9]+)?"
  /// Any number of the language.
  private static let number = "\(digits)([KMB]|e[+-]?[0-9]+)?"
  private static let currency = "[A-Z]{3}"
  private static let date = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
  private static let time = "[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,9})?)?"

  private static let positive: JSONValue = Kit.object([("type", "number"), ("minimum", 0)])

  static let definitions: Kit.Members = [
    (
      "text",
      Kit.any(
        "A text; a number or `true` is taken as it is spelled.",
        [
          Kit.object([("type", "string"), ("minLength", 1)]),
          Kit.object([("type", .array(["number", "boolean"]))]),
        ])
    ),
    (
      "scalar",
      Kit.object([
        ("description", "A text, a number, or true or false."),
        ("type", .array(["string", "number", "boolean"])),
      ])
    ),
    (
      "number",
      Kit.any(
        "A number, 0 or more: 25, 0.33, 200_000, 200K, 1M.",
        [
          positive, Kit.pattern("^\(spelled)$"),
        ])
    ),
    (
      "amount",
      Kit.any(
        "An amount in credits, or in the currency of `credit.worth`: 10, 0.04 USD.",
        [
          positive, Kit.pattern("^\(spelled)$"), Kit.pattern("^\(number) +\(currency)$"),
        ])
    ),
    (
      "rate",
      Kit.any(
        "An amount for each unit, or for N of them: 0.5, 0.04 USD, 3 USD per 1M.",
        [
          positive, Kit.pattern("^\(spelled)$"),
          Kit.pattern("^\(number) +\(currency)$"),
          Kit.pattern("^\(number)( +\(currency))? +per +\(number)$"),
        ])
    ),
    (
      "money",
      Kit.pattern("^\(number) +\(currency)$", "An amount of a currency: 0.04 USD.")
    ),
    (
      "percent",
      Kit.object([
        ("description", "A percentage, 0 to 100."), ("type", "number"), ("minimum", 0),
        ("maximum", 100),
      ])
    ),
    (
      "instant",
      Kit.pattern(
        "^\(date)([Tt ]\(time)([Zz]|[+-][0-9]{2}:?[0-9]{2}))?$",
        "An instant with its zone, 2026-06-01T00:00:00-07:00, or a date, which is its midnight UTC."
      )
    ),
    ("date", Kit.pattern("^\(date)$", "A date: 2027-01-01.")),
    (
      "factor",
      Kit.any("A factor, 0 or more: 0.5, 1.2.", [positive, Kit.pattern("^\(spelled)$")])
    ),
  ]

  /// A plan's price.
  static let planPrice = Kit.pattern(
    "^\(number) +\(currency) +(per +seat +)?(per +month|per +year|once)$",
    "What the plan costs: 20 USD per month, 20 USD per seat per month, 200 USD per year, 5 USD once."
  )

  /// How a quantity is rounded.
  static let rounding = Kit.pattern(
    "^(up|down|half_up) +to +\(number)$",
    "Rounds the quantity first, to a multiple: up to 60, half_up to 0.1.")

  /// How far a price may change: 3x.
  static let multiple = Kit.pattern("^\(number)x$", "A multiple of the previous price: 3x.")
}
