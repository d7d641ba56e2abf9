import Foundation

/// A command in a `console` block, with what it is shown to print.
struct ConsoleStep {
  /// The command, without the prompt; a line that ends in a backslash goes on.
  let command: String
  /// The lines of the block that show its output.
  let output: Range<Int>
  /// Those lines.
  let shown: [String]

  /// The steps of a block.
  static func steps(of lines: [String]) -> [ConsoleStep] {
    var steps: [ConsoleStep] = []
    var index = 0
    while index < lines.count {
      guard lines[index].hasPrefix("$ ") else {
        index += 1
        continue
      }
      var command = String(lines[index].dropFirst(2))
      while command.hasSuffix("\\"), index + 1 < lines.count {
        index += 1
        command = command.dropLast() + lines[index]
      }
      let start = index + 1
      let end = lines[start...].firstIndex { $0.hasPrefix("$ ") } ?? lines.count
      steps.append(
        ConsoleStep(command: command, output: start..<end, shown: Array(lines[start..<end])))
      index = end
    }
    return steps
  }

  /// Whether the shown lines stand for these.
  func matches(_ printed: ArraySlice<String>) -> Bool { Self.matches(shown[...], printed) }

  private static func matches(
    _ shown: ArraySlice<String>, _ printed: ArraySlice<String>
  ) -> Bool {
    guard let first = shown.first else { return printed.isEmpty }
    if first == "…" {
      return (0...printed.count).contains { matches(shown.dropFirst(), printed.dropFirst($0)) }
    }
    guard let line = printed.first, lineMatches(first, line) else { return false }
    return matches(shown.dropFirst(), printed.dropFirst())
  }

  private static func lineMatches(_ shown: String, _ printed: String) -> Bool {
    guard shown.contains("…") else { return shown == printed }
    let pieces = shown.split(separator: "…", omittingEmptySubsequences: false)
    guard let first = pieces.first, let last = pieces.last, printed.hasPrefix(first),
      printed.dropFirst(first.count).hasSuffix(last)
    else { return false }
    var rest = printed.dropFirst(first.count).dropLast(last.count)
    for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
      guard let found = rest.range(of: piece) else { return false }
      rest = rest[found.upperBound...]
    }
    return true
  }

  /// Puts what the command printed in the place of what its block showed.
  static func record(_ printed: String, for step: ConsoleStep, of block: DocumentedBlock) throws {
    var lines = try Repository.text(block.file)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    // A card's version changes with the card, and is nothing to look at.
    var output = printed.replacing(/\b[0-9a-f]{12,64}\b/, with: "…")
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if output.last == "" { output.removeLast() }
    // A block's first line stands behind its fence, which `block.line` counts from 1.
    let range = (block.line + step.output.lowerBound)..<(block.line + step.output.upperBound)
    lines.replaceSubrange(range, with: output)
    try lines.joined(separator: "\n").write(
      to: Repository.root.appending(path: block.file), atomically: true, encoding: .utf8)
  }
}
