/// A list's prices in a form that does not depend on the list.
struct PriceList: Sendable {
  /// The card's name.
  let name: String
  /// What the header's comment says about the list.
  var remarks: [String] = []
  /// The models with their prices.
  var models: [PricedModel] = []
  /// By provider, what could not be said about it as a whole.
  var providerNotes: [String: [String]] = [:]
  /// By provider, the models without any price.
  var unpriced: [String: [String]] = [:]
  /// What was taken and what was not.
  var report = ImportReport()
}

/// A model of a list.
struct PricedModel: Sendable {
  /// Who sells it; a file of the card holds what one provider sells.
  let provider: String
  /// Its name in the card.
  let name: String
  /// Other texts for it, as a card's `aliases` write them.
  var aliases: [String] = []
  /// What could not be said about it.
  var notes: [String] = []
  /// Its prices.
  let grid: PriceGrid

  /// Whether a card can have a model of this name: not empty, not overlong, and no word that means
  /// something else in a condition.
  static func isName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 500 && !["any", "present", "absent"].contains(name)
  }
}
