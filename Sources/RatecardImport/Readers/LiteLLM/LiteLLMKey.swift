internal import RatecardValues

/// What a key of an entry of LiteLLM says: a kind of amount, and when it holds.
///
/// A key is a kind, such as `input_cost_per_token`, then what it is for: `_above_200k_tokens`, and
/// `_batches` or a level of service such as `_priority`.
struct LiteLLMKey {
  /// A kind of amount.
  struct Kind: Sendable {
    /// What is charged for; nil: the request itself.
    let unit: UsageUnit?
    /// For how many units a card writes the amount: 10 to this power.
    let power: Int
  }

  /// The kind's name.
  let kind: String
  /// The input tokens above which it holds.
  var bound: Number?
  /// `batches`, or a level of service.
  var suffix: String?

  /// The levels of service that keys name, with the texts by which requests name them.
  static let levels = [
    ("balanced", ["balanced"]), ("flex", ["flex"]), ("priority", ["fast", "priority"]),
    ("ultrafast", ["ultrafast"]),
  ]

  /// Splits a key; nil when it is of no known kind.
  init?(_ key: String) {
    var rest = Substring(key)
    for suffix in ["batches"] + Self.levels.map(\.0) where rest.hasSuffix("_" + suffix) {
      rest = rest.dropLast(suffix.count + 1)
      self.suffix = suffix
      break
    }
    if rest.hasSuffix("_tokens"), let above = rest.range(of: "_above_") {
      let bound = rest[above.upperBound...].dropLast("_tokens".count)
      let isThousands = bound.hasSuffix("k")
      guard let number = try? Number(json: String(isThousands ? bound.dropLast() : bound)) else {
        return nil
      }
      self.bound = number.scaled(by: isThousands ? 3 : 0)
      rest = rest[..<above.lowerBound]
    }
    kind = String(rest)
    guard Self.kinds[kind] != nil else { return nil }
  }

  /// The kinds of amounts by name, but for those that depend on what the model does.
  static let kinds: [String: Kind] = [
    "input_cost_per_token": Kind(unit: .inputTokens, power: 6),
    "output_cost_per_token": Kind(unit: .outputTokens, power: 6),
    "cache_read_input_token_cost": Kind(unit: .cacheReadTokens, power: 6),
    "cache_read_input_audio_token_cost": Kind(unit: .cacheAudioReadTokens, power: 6),
    "cache_read_input_image_token_cost": Kind(unit: .cacheImageReadTokens, power: 6),
    "cache_creation_input_token_cost": Kind(unit: .cacheWriteTokens, power: 6),
    "cache_creation_input_token_cost_above_1hr": Kind(unit: .cacheWriteHourTokens, power: 6),
    "cache_creation_input_audio_token_cost": Kind(unit: .cacheAudioWriteTokens, power: 6),
    "input_cost_per_audio_token": Kind(unit: .inputAudioTokens, power: 6),
    "input_cost_per_image_token": Kind(unit: .inputImageTokens, power: 6),
    "input_cost_per_video_token": Kind(unit: .inputVideoTokens, power: 6),
    "output_cost_per_reasoning_token": Kind(unit: .outputReasoningTokens, power: 6),
    "output_cost_per_audio_token": Kind(unit: .outputAudioTokens, power: 6),
    "output_cost_per_image_token": Kind(unit: .outputImageTokens, power: 6),
    "output_cost_per_video_token": Kind(unit: .outputVideoTokens, power: 6),
    "citation_cost_per_token": Kind(unit: .citationTokens, power: 6),
    "input_cost_per_character": Kind(unit: .inputCharacters, power: 6),
    "output_cost_per_character": Kind(unit: .outputCharacters, power: 6),
    "input_cost_per_text_message": Kind(unit: .inputTextMessages, power: 3),
    "input_cost_per_image": Kind(unit: .inputImages, power: 0),
    "output_cost_per_image": Kind(unit: .outputImages, power: 0),
    "input_cost_per_pixel": Kind(unit: .inputPixels, power: 6),
    "output_cost_per_pixel": Kind(unit: .outputPixels, power: 6),
    "input_cost_per_audio_per_second": Kind(unit: .inputAudioSeconds, power: 0),
    "input_cost_per_video_per_second": Kind(unit: .inputVideoSeconds, power: 0),
    "output_cost_per_video_per_second": Kind(unit: .outputVideoSeconds, power: 0),
    "cost_per_second": Kind(unit: .responseSeconds, power: 0),
    "input_cost_per_second": Kind(unit: .responseSeconds, power: 0),
    "output_cost_per_second": Kind(unit: .responseSeconds, power: 0),
    "input_cost_per_query": Kind(unit: .queries, power: 3),
    "input_cost_per_request": Kind(unit: nil, power: 0),
    "ocr_cost_per_page": Kind(unit: .readPages, power: 3),
    "annotation_cost_per_page": Kind(unit: .annotatedPages, power: 3),
    "ocr_cost_per_credit": Kind(unit: .readCredits, power: 0),
    "google_maps_grounding_cost_per_query": Kind(unit: .mapSearches, power: 3),
    "code_interpreter_cost_per_session": Kind(unit: .codeSessions, power: 0),
  ]
}

extension Substring {
  /// Where a text last stands in this one.
  func range(of text: String) -> Range<Index>? {
    var result: Range<Index>?
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) { result = start..<index(start, offsetBy: text.count) }
      start = index(after: start)
    }
    return result
  }
}
