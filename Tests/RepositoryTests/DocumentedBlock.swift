import Foundation
import Testing

/// A fenced block of one of the documents.
struct DocumentedBlock: CustomTestStringConvertible, Sendable {
  /// The document, from the root.
  let file: String
  /// The line of the opening fence, from 1.
  let line: Int
  /// What stands behind the opening fence: `yaml`, `yaml wrong RC0402`, `console`.
  let info: [String]
  /// What stands between the fences.
  let lines: [String]

  var text: String { lines.joined(separator: "\n") + "\n" }
  var testDescription: String { "\(file):\(line)" }

  /// The documents whose blocks are held against the program.
  static let documents: [String] =
    ["README.md", "ARCHITECTURE.md"]
    + Repository.files(below: "Documentation", extensions: ["md"])
    + Repository.files(below: "Examples", extensions: ["md"])
    + Repository.files(below: "pricing", extensions: ["md"])

  /// Every block of a language in every document.
  static func all(_ language: String) -> [DocumentedBlock] {
    documents.flatMap { file in blocks(of: file).filter { $0.info.first == language } }
  }

  /// The blocks of a document.
  static func blocks(of file: String) -> [DocumentedBlock] {
    let lines = ((try? Repository.text(file)) ?? "")
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var blocks: [DocumentedBlock] = []
    var open: Int?
    for (index, line) in lines.enumerated() where line.hasPrefix("```") {
      if let start = open {
        let info = lines[start].dropFirst(3).split(separator: " ").map(String.init)
        blocks.append(
          DocumentedBlock(
            file: file, line: start + 1, info: info, lines: Array(lines[(start + 1)..<index])))
        open = nil
      } else {
        open = index
      }
    }
    return blocks
  }
}
