/// RC070 and RC071: prices that are probably not meant.
extension DiagnosticCode {
  static let priceCodes: [DiagnosticCode] = [
    .unpricedRequests
  ]

  /// Requests of named values for which no rule of `costs` holds.
  public static let unpricedRequests = DiagnosticCode(
    "RC0701", "unpriced-requests", .warning,
    summary: "For some requests of known values there is no price.",
    reason: """
      A request without a price is an error to the caller. Texts that no rule of the card names are \
      not counted, since an open set has no end; neither is a text that is not carried.
      """,
    wrong: """
      attributes: {request_type: [chat, agent]}
      models: {small: {}, large: {}}
      costs:
        - name: weights
          table: [request_type, model]
          cells:
            chat: {small: 1, large: 2}
            agent: {large: 10}
      """,
    right: """
      attributes: {request_type: [chat, agent]}
      models: {small: {}, large: {}}
      costs:
        - name: weights
          table: [request_type, model]
          cells:
            chat: {small: 1, large: 2}
            agent: {small: 5, large: 10}
      """)

}
