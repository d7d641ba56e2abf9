public import Foundation

/// Files of expected output, beside their input.
///
/// With `RATECARD_RECORD=1` in the environment what is seen is written down as expected, and the
/// run fails once, so that a recording is never taken for a pass.
public enum Goldens {
  /// A folder beside the test that asks.
  public static func folder(_ name: String, of file: String = #filePath) -> URL {
    URL(fileURLWithPath: file).deletingLastPathComponent().appendingPathComponent(name)
  }

  /// The names of the inputs in a folder, without their extension, sorted.
  public static func names(in folder: URL, ending: String) -> [String] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return all.filter { $0.hasSuffix("." + ending) }
      .map { String($0.dropLast(ending.count + 1)) }.sorted()
  }

  /// Whether this run records.
  public static var isRecording: Bool {
    ProcessInfo.processInfo.environment["RATECARD_RECORD"] == "1"
  }

  /// What is wrong with an output that should be as the file says, in words; nil when it is so.
  ///
  /// While recording, what differs is written first, and said to have been.
  public static func difference(_ actual: String, from file: URL) throws -> String? {
    let expected = try? String(contentsOf: file, encoding: .utf8)
    if let expected, Array(expected.utf8) == Array(actual.utf8) { return nil }
    if isRecording {
      try Data(actual.utf8).write(to: file)
      return "recorded \(file.lastPathComponent); read it, then run again without RATECARD_RECORD"
    }
    guard let expected else { return "\(file.path) is missing; record it with RATECARD_RECORD=1" }
    let wanted = expected.split(separator: "\n", omittingEmptySubsequences: false)
    let seen = actual.split(separator: "\n", omittingEmptySubsequences: false)
    let line = zip(wanted, seen).prefix { $0 == $1 }.count
    return """
      \(file.lastPathComponent) differs from line \(line + 1) on
      expected: \(line < wanted.count ? String(wanted[line]) : "(end)")
      seen:     \(line < seen.count ? String(seen[line]) : "(end)")
      """
  }
}
