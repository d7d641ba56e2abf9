import RatecardImport
import Testing

/// What is no price list is refused with a reason that says where.
@Suite struct BrokenListTests {
  @Test(arguments: [
    ("", "a value is expected, but the document ends at byte 1"),
    ("{", "a name in double quotes is expected, but the document ends at byte 2"),
    ("[NaN]", "a value is expected, not `N` at byte 2"),
    ("[-Infinity]", "a digit is expected, not `I` at byte 3"),
    (#"{"a": 1, "a": 2}"#, "the name `a` stands twice in one object at byte 10"),
    ("[1] 2", "nothing follows the document's value at byte 5"),
    (String(repeating: "[", count: 129), "the document is nested more than 128 deep at byte 129"),
    ("\u{FEFF}[]", "the document begins with a byte order mark at byte 1"),
  ])
  func isNoJSON(_ text: String, _ reason: String) {
    for kind in PriceListKind.allCases {
      #expect(failure(text, kind) == reason)
    }
  }

  @Test(arguments: [
    ("{}", "the document is not a list of providers"),
    ("[]", "no model in it has a price"),
    ("[3]", "the `id` of provider 1 is not a text of its own"),
    (
      #"[{"id": "a", "models": []}, {"id": "a", "models": []}]"#,
      "the `id` of provider 2 is not a text of its own"
    ),
    (#"[{"id": "a", "models": {}}]"#, "`models` of `a` is not a list"),
    (#"[{"id": "a", "models": [7]}]"#, "model 1 of `a` is not an object"),
    (
      #"[{"id": "a", "models": [{"id": "m", "prices": {"input_mtok": "-1"}}]}]"#,
      "no model in it has a price"
    ),
  ])
  func isNoListOfGenAIPrices(_ text: String, _ reason: String) {
    #expect(failure(text, .genaiPrices) == reason)
  }

  @Test(arguments: [
    ("[]", "the document is not a map of models"),
    ("{}", "no model in it has a price"),
    (#"{"a": 3}"#, "`a` is not an object"),
    (#"{"sample_spec": {"input_cost_per_token": 1}}"#, "no model in it has a price"),
    (#"{"a": {"input_cost_per_token": true}}"#, "no model in it has a price"),
  ])
  func isNoListOfLiteLLM(_ text: String, _ reason: String) {
    #expect(failure(text, .litellm) == reason)
  }

  /// A model with an amount that is none is left out as a whole, for without it too little would be
  /// charged.
  @Test(arguments: [
    ("-1e-06", SkipReason.notAnAmount), ("1e-61", .tooLong), ("1e400", .tooLong),
    ("1234567890123456789012345678901234567890", .tooLong), (#""free""#, .notAnAmount),
    ("[1]", .notAnAmount), ("1e33", .tooLong), ("1e-39", .tooLong),
    ("0.99999999999999999999999999999999999999", .tooLong),
  ])
  func leavesOutAModelWithABadAmount(_ amount: String, _ reason: SkipReason) throws {
    let text = """
      {"good": {"input_cost_per_token": 1e-06},
       "bad": {"input_cost_per_token": \(amount), "output_cost_per_token": 1e-06}}
      """
    let imported = try PriceImport(Array(text.utf8), as: .litellm)
    #expect(imported.report.skippedModels == ["bad"])
    #expect(imported.report.skipped.keys.map(\.self) == [reason])
    #expect(!imported.report.isComplete)
    #expect(imported.files().allSatisfy { !$0.text.contains("model: bad") })
  }

  /// What is not in the card is in the report, whatever shape it has in the list.
  @Test(arguments: [
    (#""search_context_cost_per_query": 0.01"#, 1),
    (#""search_context_cost_per_query": {"search_context_size_xhigh": 0.5}"#, 1),
    (#""off_peak_pricing": {"input_cost_per_token": 1e-07}"#, 1),
    (#""off_peak_pricing": 0.5"#, 1),
    (#""input_cost_per_audio_token_above_128k_tokens": 9e-06"#, 1),
    (#""input_cost_per_image_priority": 0.5"#, 1),
    (#""tiered_pricing": [{"range": [0, 5], "input_cost_per_query": 5e-06}]"#, 1),
    (#""input_cost_per_token_flex": 5e-06"#, 0),
  ])
  func countsWhatIsLeftOut(_ member: String, _ count: Int) throws {
    let text = #"""
      {"good": {"input_cost_per_token": 1e-06},
       "odd": {"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06, \#(member)}}
      """#
    let imported = try PriceImport(Array(text.utf8), as: .litellm)
    #expect(imported.report.skippedPrices == count, "\(imported.report)")
  }

  @Test func leavesOutAModelWithTiersOfAnotherShape() throws {
    let text = #"""
      {"good": {"input_cost_per_token": 1e-06},
       "odd": {"input_cost_per_token": 1e-06, "tiered_pricing": {"input_cost_per_token": 2e-06}}}
      """#
    let imported = try PriceImport(Array(text.utf8), as: .litellm)
    #expect(imported.report.skippedModels == ["odd"])
    #expect(imported.report.skipped == [.unknownCondition: 2])
  }

  @Test(arguments: [
    #""price_variants": {"prices": {"input_mtok": "1"}}"#,
    #""price_variants": [{"when": {"mode": "x"}, "prices": [1]}]"#,
    #""prices": [{"prices": [1]}]"#,
  ])
  func leavesOutAModelOfAnotherShape(_ member: String) throws {
    let prices = member.hasPrefix(#""prices""#) ? "" : #", "prices": {"input_mtok": "1"}"#
    let text = #"""
      [{"id": "p", "models": [
        {"id": "good", "match": {"equals": "good"}, "prices": {"input_mtok": "1"}},
        {"id": "odd", "match": {"equals": "odd"}\#(prices), \#(member)}]}]
      """#
    let imported = try PriceImport(Array(text.utf8), as: .genaiPrices)
    #expect(imported.report.skippedModels == ["p/odd"])
  }

  /// A card could not be loaded with a model that is called like a word of the language.
  @Test(arguments: ["any", "present", "absent", "*", ""])
  func leavesOutANameThatNoCardCanHave(_ name: String) throws {
    let text = #"""
      {"good": {"input_cost_per_token": 1e-06}, "\#(name)": {"input_cost_per_token": 1e-06}}
      """#
    let imported = try PriceImport(Array(text.utf8), as: .litellm)
    #expect(imported.report.skippedModels == [name])
    #expect(imported.report.skipped == [.badName: 1])
  }

  private func failure(_ text: String, _ kind: PriceListKind) -> String? {
    do throws(PriceListFailure) {
      _ = try PriceImport(Array(text.utf8), as: kind)
      return nil
    } catch {
      return error.description
    }
  }
}
