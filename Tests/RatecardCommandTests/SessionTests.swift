import Foundation
import RatecardTestSupport
import Testing

/// Command lines beside everything they write.
///
/// A session file holds one command line, words in single quotes where they hold spaces; `@` stands
/// for the folder of the tests' cards, `tty` before the command for a terminal. Lines after it are
/// standard input.
@Suite struct SessionTests {
  static let folder = Goldens.folder("Sessions")
  static let names = Goldens.names(in: folder, ending: "session")

  @Test(arguments: names)
  func writesWhatIsExpected(_ name: String) throws {
    let file = Self.folder.appendingPathComponent(name + ".session")
    let text = try String(contentsOf: file, encoding: .utf8)
    let parts = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
    var words = Self.words(String(parts[0]))
    let isTerminal = words.first == "tty"
    if isTerminal { words.removeFirst() }
    let run = CommandRun(
      words, input: Array((parts.count > 1 ? String(parts[1]) : "").utf8), isTerminal: isTerminal)
    let seen = """
      exit \(run.code)
      --- output
      \(run.output)--- errors
      \(run.errors)
      """.replacingOccurrences(of: CommandRun.cards + "/", with: "@")
      .replacingOccurrences(of: "\u{1B}", with: "^[")
    let difference = try Goldens.difference(
      seen, from: Self.folder.appendingPathComponent(name + ".expected.txt"))
    #expect(difference == nil, "\(difference ?? "")")
  }

  /// The words of a command line.
  private static func words(_ line: String) -> [String] {
    var words: [String] = []
    for (index, part) in line.components(separatedBy: "'").enumerated() {
      if index.isMultiple(of: 2) {
        words += part.split(separator: " ").map(String.init)
      } else {
        words.append(part)
      }
    }
    return words.map { $0.hasPrefix("@") ? CommandRun.cards + "/" + $0.dropFirst() : $0 }
  }
}
