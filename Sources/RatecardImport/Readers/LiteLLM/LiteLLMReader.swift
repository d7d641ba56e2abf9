internal import RatecardJSON

/// Reads the price list of LiteLLM: a map of models, each with amounts by key.
struct LiteLLMReader {
  private var list = PriceList(
    name: "litellm",
    remarks: [
      """
      What models cost by the price list of LiteLLM, imported by `ratecard import`. Each file beside \
      this one holds what one provider sells; delete those that you do not use.
      """,
      """
      Models have the names of the list. Rates are dollars for a million tokens or whatever else \
      stands behind `per`.
      """,
      """
      Parts of one count are disjoint here: audio that was read from the cache is in \
      `cache_audio_read_tokens` and `cache_read_tokens`, and not in `input_audio_tokens`.
      """,
    ])

  /// Reads a whole list.
  static func read(_ document: JSONValue) throws(PriceListFailure) -> PriceList {
    var reader = LiteLLMReader()
    guard let entries = document.members else {
      throw .otherShape(place: "the document", expected: "a map of models")
    }
    let names = Set(entries.map(\.name))
    // These two explain the list and are no models.
    for entry in entries where !["sample_spec", "fallback_generalizations"].contains(entry.name) {
      guard let members = entry.value.members else {
        throw .otherShape(place: "`\(entry.name)`", expected: "an object")
      }
      reader.read(entry.name, members, names)
    }
    return reader.list
  }

  private mutating func read(
    _ key: String, _ members: [JSONValue.Member], _ names: Set<String>
  ) {
    list.report.models += 1
    let count = members.reduce(0) {
      LiteLLMEntry.isPrice($1.name) ? $0 + $1.value.priceCount : $0
    }
    list.report.prices += count
    let name = Self.name(for: key, among: names)
    let provider = members.first { $0.name == "litellm_provider" }?.value.string ?? "other"
    guard PricedModel.isName(name) else {
      list.report.skip(count, .badName)
      list.report.skippedModels.append(key)
      return
    }
    do throws(SkippedModel) {
      var entry = try LiteLLMEntry(members)
      let prices = LiteLLMModel(entry)
      let grid = prices.grid()
      guard grid.isSayable else {
        throw SkippedModel(reason: .tooLong, detail: "an amount has too many digits")
      }
      for key in prices.unchargedAmounts(grid) { entry.leaveOut(key, 1, .neverCharged) }
      for (reason, count) in entry.skipped { list.report.skip(count, reason) }
      guard grid.prices.contains(where: { $0.contains { $0 != nil } }) else {
        if count == 0 {
          list.report.unpricedModels += 1
        } else {
          list.report.skippedModels.append(key)
        }
        list.unpriced[provider, default: []].append(name)
        list.providerNotes[provider, default: []] += entry.notes.map { "\(name): \($0)" }
        return
      }
      var model = PricedModel(provider: provider, name: name, grid: grid)
      model.notes = entry.notes
      if name != key {
        model.aliases = [key]
        list.report.names += 1
      }
      list.models.append(model)
      list.report.importedModels += 1
    } catch {
      list.report.skip(count, error.reason)
      list.report.skippedModels.append(key)
      list.providerNotes[provider, default: []].append(
        "Not imported: \(name), since \(error.detail).")
    }
  }

  /// A name without stars, which in a key stand for any region: the key itself is then an alias.
  private static func name(for key: String, among names: Set<String>) -> String {
    guard key.contains("*") else { return key }
    let parts = key.split(separator: "/").filter { $0 != "*" }
    let name = parts.joined(separator: "/")
    return name.contains("*") || names.contains(name) ? "" : name
  }
}
