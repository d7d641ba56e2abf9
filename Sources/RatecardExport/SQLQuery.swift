public import Ratecard
internal import RatecardCompiler
internal import RatecardDiagnostics
internal import RatecardModel
internal import RatecardValues

/// A card as one query, which prices every row of a table as the evaluator would.
///
/// The query works in whole numbers of up to 38 digits from the first product to the one rounding,
/// and divides with a remainder only. It answers the cost alone: what a request costs with the model
/// that served it. Rows keep their columns; `credits`, `rule`, `denied` and `error` are added.
///
/// A count is to be below 10¹², a quantity below 10⁹ with at most six decimals: other rows get the
/// error `overflow`. Time zones are those of the database.
public struct SQLQuery: Sendable {
  /// The query, ending in a line break.
  public let text: String
  /// The columns that it reads; what a request carries besides is not looked at.
  public let columns: [String]

  /// Writes a card as a query over `table`, a name that may have a schema in front.
  ///
  /// `columns` names the columns of attributes that are not called as the attribute is. Throws where
  /// SQL cannot say what the card says. O(rules², where they overlap).
  public init(
    _ card: RateCard, dialect: SQLDialect, table: String = "usage", columns: [String: String] = [:]
  ) throws(SQLRefusal) {
    var bag = DiagnosticBag()
    guard let compiled = Compiler.compile(card.model, wantsGraphs: false, into: &bag) else {
      preconditionFailure("a loaded card compiles")
    }
    let attributes = SQLAttributes(card.model, dialect, renamed: columns)
    self.columns = attributes.sources.map(\.column)
    var writer = SQLWriter(attributes, compiled.sets)
    let table = table.split(separator: ".").map { dialect.name(String($0)) }.joined(separator: ".")
    let stages = try writer.stages(from: table)
    text = """
      -- What each row of \(Self.oneLine(table)) costs by the rate card `\(Self.oneLine(card.name))`,
      -- version \(card.version).
      -- Written by `ratecard export sql --dialect \(dialect.rawValue)`; do not edit.
      -- It reads these columns, of which a null is absent:
      \(Self.described(attributes.sources))WITH \(stages.joined(separator: ",\n"))
      SELECT
        \(dialect.allOfRow),
        CASE WHEN denied IS NULL AND error IS NULL THEN credits END AS credits,
        CASE WHEN error IS NULL THEN rule END AS rule,
        CASE WHEN error IS NULL THEN denied END AS denied,
        error
      FROM answered

      """
  }

  private static func described(_ sources: [(column: String, attribute: Attribute)]) -> String {
    sources.map { source in
      let kind =
        switch source.attribute.kind {
        case .text, .choice, .windows: "text"
        case .flag: "boolean"
        case .count: "integer"
        case .quantity, .number: "decimal, not floating point"
        case .instant: "timestamp with time zone"
        }
      return "--   \(oneLine(source.column)): \(kind)\n"
    }.joined()
  }

  /// A text as a comment can hold it, which ends with its line.
  private static func oneLine(_ text: String) -> String {
    var line = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let isBreak =
        scalar.value < 32 || (0x7F...0x9F ~= scalar.value) || scalar == "\u{2028}"
        || scalar == "\u{2029}"
      line.append(isBreak ? "?" : scalar)
    }
    return String(line)
  }
}
