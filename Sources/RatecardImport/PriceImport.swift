internal import RatecardJSON

/// The public price lists that can be imported.
public enum PriceListKind: String, CaseIterable, Sendable {
  /// `model_prices_and_context_window.json` of LiteLLM: a map of models with amounts by key.
  case litellm
  /// The data of genai-prices: a list of providers, each with its models.
  case genaiPrices = "genai-prices"
}

/// A rate card made of a public price list.
public struct PriceImport: Sendable {
  private let writer: CardWriter
  /// What was taken, and what was not.
  public let report: ImportReport

  /// Reads a list's file and writes the card.
  ///
  /// The same bytes always make the same card. Amounts are the decimals that stand in the file.
  public init(_ bytes: [UInt8], as kind: PriceListKind) throws(PriceListFailure) {
    let document: JSONValue
    do throws(JSONFailure) { document = try JSONValue(parsing: bytes) } catch {
      throw .malformed(error)
    }
    let list =
      switch kind {
      case .litellm: try LiteLLMReader.read(document)
      case .genaiPrices: try GenAIPricesReader.read(document)
      }
    guard !list.models.isEmpty else { throw .empty }
    writer = CardWriter(list)
    var report = list.report
    report.rules = writer.ruleCount
    self.report = report
  }

  /// The card's files, the one with the header first.
  ///
  /// The header accepts the findings of some kinds, by name, of which it can say why a public list
  /// has them; others are left for the person who keeps the card.
  public func files(accepting findings: Set<String> = []) -> [CardFile] {
    writer.files(accepting: findings)
  }
}
