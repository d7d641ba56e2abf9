/// What is used and charged for: an attribute of the card, in the order in which cards list them.
///
/// Parts of one whole are disjoint, as the language wants it: cached audio is among what was read
/// from the cache, and not among the audio.
enum UsageUnit: String, CaseIterable, Sendable {
  case inputTokens = "input_tokens"
  case cacheReadTokens = "cache_read_tokens"
  case cacheAudioReadTokens = "cache_audio_read_tokens"
  case cacheImageReadTokens = "cache_image_read_tokens"
  case cacheWriteTokens = "cache_write_tokens"
  case cacheWriteHourTokens = "cache_write_1h_tokens"
  case cacheAudioWriteTokens = "cache_audio_write_tokens"
  case inputAudioTokens = "input_audio_tokens"
  case inputImageTokens = "input_image_tokens"
  case inputVideoTokens = "input_video_tokens"
  case outputTokens = "output_tokens"
  case outputReasoningTokens = "output_reasoning_tokens"
  case outputCitationTokens = "output_citation_tokens"
  case outputAudioTokens = "output_audio_tokens"
  case outputImageTokens = "output_image_tokens"
  case outputVideoTokens = "output_video_tokens"
  case citationTokens = "citation_tokens"
  case inputCharacters = "input_characters"
  case outputCharacters = "output_characters"
  case inputTextMessages = "input_text_messages"
  case inputImages = "input_images"
  case outputImages = "output_images"
  case inputPixels = "input_pixels"
  case outputPixels = "output_pixels"
  case audioSeconds = "audio_seconds"
  case inputAudioSeconds = "input_audio_seconds"
  case outputAudioSeconds = "output_audio_seconds"
  case inputVideoSeconds = "input_video_seconds"
  case outputVideoSeconds = "output_video_seconds"
  case responseSeconds = "response_seconds"
  case inputDocumentPages = "input_document_pages"
  case inputAnnotatedDocumentPages = "input_annotated_document_pages"
  case readPages = "read_pages"
  case annotatedPages = "annotated_pages"
  case readCredits = "read_credits"
  case queries = "queries"
  case rerankSearches = "rerank_searches"
  case webSearches = "web_searches"
  case webSearchesLow = "web_searches_low"
  case webSearchesHigh = "web_searches_high"
  case socialSearches = "social_searches"
  case storageSearches = "storage_searches"
  case mapSearches = "map_searches"
  case codeExecutions = "code_executions"
  case codeSessions = "code_sessions"

  /// The unit that includes this one.
  var whole: UsageUnit? {
    switch self {
    case .cacheReadTokens, .cacheWriteTokens, .inputAudioTokens, .inputImageTokens,
      .inputVideoTokens:
      .inputTokens
    case .cacheAudioReadTokens, .cacheImageReadTokens: .cacheReadTokens
    case .cacheWriteHourTokens, .cacheAudioWriteTokens: .cacheWriteTokens
    case .outputReasoningTokens, .outputCitationTokens, .outputAudioTokens, .outputImageTokens,
      .outputVideoTokens:
      .outputTokens
    case .inputAudioSeconds, .outputAudioSeconds: .audioSeconds
    case .inputAnnotatedDocumentPages: .inputDocumentPages
    case .webSearchesLow, .webSearchesHigh: .webSearches
    default: nil
    }
  }

  /// Whether there are only whole numbers of it.
  var isCount: Bool {
    switch self {
    case .audioSeconds, .inputAudioSeconds, .outputAudioSeconds, .inputVideoSeconds,
      .outputVideoSeconds, .responseSeconds, .readCredits:
      false
    default: true
    }
  }

  /// Whether it counts tokens.
  var isToken: Bool { rawValue.hasSuffix("_tokens") }

  /// What it is, where the name leaves a doubt.
  var meaning: String? {
    switch self {
    case .inputTokens: "all of them, cached ones too"
    case .cacheAudioReadTokens: "audio in what was read"
    case .cacheWriteTokens: "for however long"
    case .cacheWriteHourTokens: "kept for an hour"
    case .inputAudioTokens: "not read from the cache"
    case .inputImageTokens, .inputVideoTokens: "likewise"
    case .inputTextMessages: "messages typed into a call"
    case .inputPixels, .outputPixels: "width times height, of all images made"
    case .responseSeconds: "how long the answer took"
    case .inputDocumentPages: "annotated ones too"
    case .readPages: "of a document, by text recognition"
    case .annotatedPages: "counted apart from those read"
    case .webSearches: "of any size of context"
    case .webSearchesLow: "with little context"
    case .webSearchesHigh: "with much context"
    default: nil
    }
  }
}

extension UsageUnit: Comparable {
  private static let ranks = Dictionary(
    uniqueKeysWithValues: allCases.enumerated().map { ($1, $0) })

  /// Whether a card lists one before another.
  static func < (left: UsageUnit, right: UsageUnit) -> Bool {
    (ranks[left] ?? 0) < (ranks[right] ?? 0)
  }
}
