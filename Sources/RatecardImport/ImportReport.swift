/// Why a price or a name of a list is not in the card: all the reasons there are.
public enum SkipReason: String, CaseIterable, Sendable {
  /// The list has a kind of price that this program does not know.
  case unknownPrice = "unknown-price"
  /// The price holds under a condition that this program does not know, or the language has not.
  case unknownCondition = "unknown-condition"
  /// The model has an amount that is no number of 0 or more, or no amount where one belongs.
  case notAnAmount = "not-an-amount"
  /// The model has an amount with more digits than a card can hold.
  case tooLong = "too-long"
  /// The amount is in another currency, and stands in the list's own currency beside it.
  case otherCurrency = "other-currency"
  /// The list's own program never charges the price, since another one stands before it.
  case neverCharged = "never-charged"
  /// The model's name is empty, too long, a word of the language, or stands in the list before.
  case badName = "bad-name"

  /// What it means, in the words of a report.
  public var meaning: String {
    switch self {
    case .unknownPrice: "a kind of price that the importer does not know"
    case .unknownCondition: "a condition that a card cannot say"
    case .notAnAmount: "prices of models with an amount that is no number of 0 or more"
    case .tooLong: "prices of models with an amount of too many digits"
    case .otherCurrency: "in another currency, beside the same price in dollars"
    case .neverCharged: "never charged by the list's own program"
    case .badName: "prices of models whose name no card can have, or stands twice"
    }
  }
}

/// Why another text for a model is not among its aliases: all the reasons there are.
public enum LeftOutName: String, CaseIterable, Sendable {
  /// It is a pattern that a card cannot say: a regular expression with digits or a negation.
  case noPattern = "no-pattern"
  /// It stands anywhere in a text, and the alias takes only texts that begin with it: patterns that
  /// are open on both sides combine in too many ways to prove anything about a card.
  case narrowed
  /// The list gives the text to another model, which stands before or has that name.
  case takenByAnother = "taken-by-another"
  /// It falls to a provider's fallback on the models of others.
  case fallback = "fallback"

  /// What it means, in the words of a report.
  public var meaning: String {
    switch self {
    case .noPattern: "patterns that a card cannot say"
    case .narrowed: "texts that may stand anywhere, taken only where they stand first"
    case .takenByAnother: "texts that mean another model"
    case .fallback: "providers that fall back on the models of others"
    }
  }
}

/// What an import took from a list, and what it did not.
public struct ImportReport: Sendable, Equatable {
  /// The models of the list.
  public internal(set) var models = 0
  /// Those in the card.
  public internal(set) var importedModels = 0
  /// Those that have no price in the list.
  public internal(set) var unpricedModels = 0
  /// The prices of the list.
  public internal(set) var prices = 0
  /// The prices that are not in the card, by reason.
  public internal(set) var skipped: [SkipReason: Int] = [:]
  /// The models of which no price is in the card although the list has some, in its order.
  public internal(set) var skippedModels: [String] = []
  /// The aliases in the card.
  public internal(set) var names = 0
  /// Texts for models that are not in the card, by reason.
  public internal(set) var leftOut: [LeftOutName: Int] = [:]
  /// The rules of the card.
  public internal(set) var rules = 0

  /// How many prices are not in the card.
  public var skippedPrices: Int { SkipReason.allCases.reduce(0) { $0 + (skipped[$1] ?? 0) } }

  /// How many prices are in the card.
  public var importedPrices: Int { prices - skippedPrices }

  /// Whether so much was taken that the card stands for the list: at least 95 % of the prices.
  public var isComplete: Bool { skippedPrices * 20 <= prices && importedModels > 0 }

  mutating func skip(_ count: Int = 1, _ reason: SkipReason) {
    skipped[reason, default: 0] += count
  }

  mutating func leaveOut(_ reason: LeftOutName) { leftOut[reason, default: 0] += 1 }
}
