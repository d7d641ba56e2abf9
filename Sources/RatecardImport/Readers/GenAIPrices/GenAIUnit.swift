/// What a key of a price in genai-prices charges for.
struct GenAIUnit: Sendable {
  /// The unit; nil: the request itself, a thousand of them.
  let usage: UsageUnit?
  /// How many units the amount is for.
  let per: Int

  /// The units by key.
  static let all: [String: GenAIUnit] = {
    var units = ["requests_kcount": GenAIUnit(usage: nil, per: 1000)]
    for (key, usage) in millions { units[key] = GenAIUnit(usage: usage, per: 1_000_000) }
    for (key, usage) in thousands { units[key] = GenAIUnit(usage: usage, per: 1000) }
    for (key, usage) in hours { units[key] = GenAIUnit(usage: usage, per: 3600) }
    units["input_gpixels"] = GenAIUnit(usage: .inputPixels, per: 1_000_000_000)
    return units
  }()

  private static let millions: [(String, UsageUnit)] = [
    ("input_mtok", .inputTokens), ("output_mtok", .outputTokens),
    ("cache_read_mtok", .cacheReadTokens), ("cache_write_mtok", .cacheWriteTokens),
    ("cache_write_1h_mtok", .cacheWriteHourTokens),
    ("cache_audio_read_mtok", .cacheAudioReadTokens),
    ("cache_image_read_mtok", .cacheImageReadTokens), ("input_audio_mtok", .inputAudioTokens),
    ("input_image_mtok", .inputImageTokens), ("input_video_mtok", .inputVideoTokens),
    ("output_audio_mtok", .outputAudioTokens), ("output_image_mtok", .outputImageTokens),
    ("output_video_mtok", .outputVideoTokens), ("output_reasoning_mtok", .outputReasoningTokens),
    ("output_citation_mtok", .outputCitationTokens), ("input_mchars", .inputCharacters),
  ]

  private static let thousands: [(String, UsageUnit)] = [
    ("input_text_messages_kcount", .inputTextMessages),
    ("input_document_kpages", .inputDocumentPages),
    ("input_annotated_document_kpages", .inputAnnotatedDocumentPages),
    ("rerank_searches_kcount", .rerankSearches), ("web_searches_kcount", .webSearches),
    ("social_searches_kcount", .socialSearches), ("storage_searches_kcount", .storageSearches),
    ("code_executions_kcount", .codeExecutions),
  ]

  private static let hours: [(String, UsageUnit)] = [
    ("audio_hours", .audioSeconds), ("input_audio_hours", .inputAudioSeconds),
    ("output_audio_hours", .outputAudioSeconds),
  ]
}
