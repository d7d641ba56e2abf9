internal import RatecardImport
internal import RatecardJSON

/// The report on an import, in words and as JSON.
struct ImportText {
  let report: ImportReport
  let folder: String

  /// How many models are named before the rest is only counted.
  private static let mostNamed = 10

  /// For a person.
  var text: String {
    var lines = [
      "models   \(report.models) in the list, \(report.importedModels) imported, "
        + "\(report.unpricedModels) without a price",
      "prices   \(report.prices) in the list, \(report.importedPrices) imported, "
        + "\(report.skippedPrices) skipped",
    ]
    for reason in SkipReason.allCases {
      guard let count = report.skipped[reason] else { continue }
      lines.append("  \(padded("\(count)", 5))  \(reason.rawValue): \(reason.meaning)")
    }
    if !report.skippedModels.isEmpty {
      let named = report.skippedModels.prefix(Self.mostNamed).map { "`\($0)`" }
      let rest = report.skippedModels.count - named.count
      lines.append(
        "  models not imported: " + named.joined(separator: ", ")
          + (rest > 0 ? " and \(rest) more" : ""))
    }
    lines.append(
      "names    \(report.names) aliases, "
        + "\(LeftOutName.allCases.reduce(0) { $0 + (report.leftOut[$1] ?? 0) }) left out")
    for reason in LeftOutName.allCases {
      guard let count = report.leftOut[reason] else { continue }
      lines.append("  \(padded("\(count)", 5))  \(reason.rawValue): \(reason.meaning)")
    }
    lines.append("rules    \(report.rules)")
    lines.append(
      report.isComplete
        ? "next: ratecard lint \(folder)"
        : "more than 5 % of the prices are not in the card: it does not stand for the list")
    return lines.map { $0 + "\n" }.joined()
  }

  /// For a program.
  func json(_ paths: [String]) -> String {
    let members: [JSONValue.Member] = [
      .init("complete", .bool(report.isComplete)),
      .init(
        "models",
        counts([
          ("listed", report.models), ("imported", report.importedModels),
          ("unpriced", report.unpricedModels),
        ])),
      .init(
        "prices",
        counts([
          ("listed", report.prices), ("imported", report.importedPrices),
          ("skipped", report.skippedPrices),
        ])),
      .init(
        "skipped", counts(SkipReason.allCases.map { ($0.rawValue, report.skipped[$0] ?? 0) })),
      .init("skipped_models", .array(report.skippedModels.map { .string($0) })),
      .init("names", counts([("imported", report.names)])),
      .init(
        "left_out", counts(LeftOutName.allCases.map { ($0.rawValue, report.leftOut[$0] ?? 0) })),
      .init("rules", .number("\(report.rules)")),
      .init("files", .array(paths.map { .string($0) })),
    ]
    return JSONValue.object(members).text(pretty: true)
  }

  private func counts(_ counts: [(String, Int)]) -> JSONValue {
    .object(counts.map { JSONValue.Member($0.0, .number("\($0.1)")) })
  }
}
