public import Foundation

/// Whole expected outputs that stand beside their inputs.
///
/// With `RATECARD_RECORD=1` in the environment the outputs are written instead of compared; such a
/// run fails once for everything it wrote, so that nobody takes it for a test.
public enum Golden {
  /// Whether this run records.
  public static var isRecording: Bool {
    ProcessInfo.processInfo.environment["RATECARD_RECORD"] == "1"
  }

  /// The folder beside a test's source file: `Golden.folder("Goldens", beside: #filePath)`.
  public static func folder(_ name: String, beside source: String) -> URL {
    URL(fileURLWithPath: source).deletingLastPathComponent().appendingPathComponent(name)
  }

  /// The files of a folder with one of the endings, sorted by name; expected outputs excepted.
  public static func inputs(in folder: URL, endings: [String]) throws -> [URL] {
    try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { url in
        endings.contains { url.lastPathComponent.hasSuffix($0) }
          && !url.lastPathComponent.contains(".expected.")
      }
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
  }

  /// Where the expected output of an input stands: `a.yaml` has `a.expected.txt`.
  public static func expected(for input: URL, ending: String = "txt") -> URL {
    input.deletingPathExtension().appendingPathExtension("expected.\(ending)")
  }

  /// What is wrong with an output, in words; nil when it is as expected.
  public static func difference(_ actual: String, from file: URL) throws -> String? {
    let expected = try? String(contentsOf: file, encoding: .utf8)
    if expected.map({ Array($0.utf8) == Array(actual.utf8) }) ?? false { return nil }
    if isRecording {
      try Data(actual.utf8).write(to: file)
      return "recorded \(file.lastPathComponent); read it, then run again without RATECARD_RECORD"
    }
    guard let expected else {
      return "\(file.path) is missing; record it with RATECARD_RECORD=1\nactual:\n\(actual)"
    }
    let (left, right) = (expected.split(separator: "\n", omittingEmptySubsequences: false),
      actual.split(separator: "\n", omittingEmptySubsequences: false))
    let line = zip(left, right).prefix { $0 == $1 }.count
    return """
      \(file.lastPathComponent) differs from line \(line + 1) on
      expected: \(line < left.count ? String(left[line]) : "(end)")
      actual:   \(line < right.count ? String(right[line]) : "(end)")
      whole actual output:
      \(actual)
      """
  }
}
