internal import RatecardJSON
internal import RatecardValues

/// Reads the price list of the Python package genai-prices: providers, their models, and for each
/// model prices by unit, some of which depend on dates, hours, the length of the input, or a context.
struct GenAIPricesReader {
  /// Texts for models, of any provider.
  private var mentioned: [String] = []
  private var list = PriceList(
    name: "genai-prices",
    remarks: [
      """
      What models cost by the price list of genai-prices, imported by `ratecard import`. Each file \
      beside this one holds what one provider sells; delete those that you do not use.
      """,
      """
      A model is called `provider/model`, so that the same model at two providers is two. Rates are \
      dollars for a million tokens or whatever else stands behind `per`. The list tells models apart \
      without regard to capitals; here they are spelled as in the list.
      """,
      """
      Parts of one count are disjoint here: audio that was read from the cache is in \
      `cache_audio_read_tokens` and `cache_read_tokens`, and not in `input_audio_tokens`.
      """,
    ])

  /// Reads a whole list.
  static func read(_ document: JSONValue) throws(PriceListFailure) -> PriceList {
    var reader = GenAIPricesReader()
    guard let providers = document.items else {
      throw .otherShape(place: "the document", expected: "a list of providers")
    }
    reader.mentioned = mentions(in: providers)
    var seen: Set<String> = []
    for (index, provider) in providers.enumerated() {
      let place = "provider \(index + 1)"
      guard let id = provider["id"]?.string, !id.isEmpty, seen.insert(id).inserted else {
        throw .otherShape(place: "the `id` of \(place)", expected: "a text of its own")
      }
      guard let models = provider["models"]?.items else {
        throw .otherShape(place: "`models` of `\(id)`", expected: "a list")
      }
      try reader.read(models, of: id)
      reader.noteFallback(provider["fallback_model_providers"], of: id)
    }
    return reader.list
  }

  /// Every text that the list has for a model, of any provider.
  private static func mentions(in providers: [JSONValue]) -> [String] {
    var texts: Set<String> = []
    for provider in providers {
      for model in provider["models"]?.items ?? [] {
        if let id = model["id"]?.string { texts.insert(id) }
        texts.formUnion(ModelMatch(model["match"] ?? .null).patterns.compactMap(\.literal))
      }
    }
    return texts.sorted(by: precedes)
  }

  private mutating func read(_ models: [JSONValue], of provider: String) throws(PriceListFailure) {
    var found: [(model: PricedModel, match: ModelMatch)] = []
    var names: Set<String> = []
    for (index, entry) in models.enumerated() {
      guard entry.members != nil else {
        throw .otherShape(place: "model \(index + 1) of `\(provider)`", expected: "an object")
      }
      list.report.models += 1
      let numbers = (entry["prices"]?.priceCount ?? 0) + (entry["price_variants"]?.priceCount ?? 0)
      list.report.prices += numbers
      guard let id = entry["id"]?.string, PricedModel.isName(id), !id.contains("*"),
        names.insert(id).inserted
      else {
        list.report.skip(numbers, .badName)
        list.report.skippedModels.append("\(provider)/\(entry["id"]?.string ?? "")")
        continue
      }
      let match = ModelMatch(entry["match"] ?? .null)
      do throws(SkippedModel) {
        var prices = GenAIModel(provider: provider, id: id)
        try prices.read(entry)
        for (reason, count) in prices.skipped { list.report.skip(count, reason) }
        let priced = prices.priced()
        guard priced?.grid.isSayable ?? true else {
          throw SkippedModel(reason: .tooLong, detail: "an amount has too many digits")
        }
        guard let model = priced else {
          list.report.unpricedModels += 1
          list.unpriced[provider, default: []].append(id)
          found.append((PricedModel(provider: provider, name: "", grid: .nothing), match))
          continue
        }
        found.append((model, match))
      } catch {
        list.report.skip(numbers, error.reason)
        list.report.skippedModels.append("\(provider)/\(id)")
        list.providerNotes[provider, default: []].append(
          "Not imported: \(provider)/\(id), since \(error.detail).")
        found.append((PricedModel(provider: provider, name: "", grid: .nothing), match))
      }
    }
    addAliases(to: &found, of: provider)
    list.models += found.map(\.model).filter { !$0.name.isEmpty }
    list.report.importedModels += found.count { !$0.model.name.isEmpty }
  }

  private mutating func addAliases(
    to found: inout [(model: PricedModel, match: ModelMatch)], of provider: String
  ) {
    let prefix = "\(provider)/"
    let outcomes = AliasPlan.outcomes(
      found.map { model, match in
        (model.name.isEmpty ? nil : String(model.name.dropFirst(prefix.count)), match)
      }, prefix: prefix, mentioned: mentioned)
    for (index, outcome) in outcomes.enumerated() where !found[index].model.name.isEmpty {
      found[index].model.aliases = outcome.aliases
      list.report.names += outcome.aliases.count
      for (reason, texts) in outcome.leftOut {
        for _ in texts { list.report.leaveOut(reason) }
        let why =
          switch reason {
          case .noPattern: "no alias, since a card's patterns cannot say it"
          case .narrowed: "in the list also with something before it"
          case .takenByAnother, .fallback: "no alias, since it means another model"
          }
        found[index].model.notes.append("\(why): \(texts.joined(separator: ", "))")
      }
    }
  }

  private mutating func noteFallback(_ fallback: JSONValue?, of provider: String) {
    let others = fallback?.items?.compactMap(\.string) ?? []
    guard !others.isEmpty else { return }
    list.report.leaveOut(.fallback)
    list.providerNotes[provider, default: []].append(
      """
      Models that are not listed here are priced by the list as at \(others.joined(separator: ", ")); \
      this card has no price for them.
      """)
  }
}

extension PriceGrid {
  /// No price in any situation.
  static let nothing = PriceGrid(dimensions: []) { _, _ in nil }
}
