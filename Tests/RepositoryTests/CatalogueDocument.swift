import RatecardDiagnostics

/// Documentation/diagnostics.md, made from the catalogue.
enum CatalogueDocument {
  /// The document.
  static func text() -> String {
    let codes = DiagnosticCode.all.sorted { $0.id < $1.id }
    var text = """
      # Diagnostics

      Everything that can be found wrong with a card, with an example of each: what `ratecard lint`
      says, and what its tests do. `ratecard rules CODE` shows the same in a terminal. An error keeps the card from loading; a warning and a note do not.
      Codes and names stay what they are from version to version.

      <!-- Made from Sources/RatecardDiagnostics/Catalogue by the tests: RATECARD_RECORD=1 Scripts/test -->

      | code | name | |
      |---|---|---|

      """
    for code in codes {
      text += "| [\(code.id)](#\(anchor(code))) | \(code.name) | \(code.severity) |\n"
    }
    for code in codes {
      text += "\n## \(code.id) \(code.name)\n\n\(code.summary) \(code.reason)\n"
      if !code.wrong.isEmpty { text += "\nWrong:\n\n\(indented(code.wrong))" }
      if !code.right.isEmpty { text += "\nRight:\n\n\(indented(code.right))" }
    }
    return text
  }

  private static func anchor(_ code: DiagnosticCode) -> String {
    "\(code.id.lowercased())-\(code.name)"
  }

  /// An example as an indented block; long ones are cut, bytes that a terminal would act on shown.
  private static func indented(_ example: String) -> String {
    var lines = example.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    while lines.last == "" { lines.removeLast() }
    if lines.count > 20 { lines = Array(lines.prefix(5)) + ["…"] }
    return lines.map { line in
      let shown = line.prefix(200).unicodeScalars.map(visible).joined()
      let text = line.count > 200 ? shown + "…" : shown
      return text.isEmpty ? "\n" : "    \(text)\n"
    }.joined()
  }

  private static func visible(_ scalar: Unicode.Scalar) -> String {
    if scalar == "\t" { return "→" }
    let isControl = scalar.value < 32 || scalar.value == 127
    return isControl ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
  }
}
