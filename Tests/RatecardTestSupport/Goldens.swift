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

  /// What the file says, or the empty text; while recording it is written first.
  public static func expected(_ url: URL, recording seen: String) throws -> String {
    if isRecording { try seen.write(to: url, atomically: true, encoding: .utf8) }
    return (try? String(contentsOf: url, encoding: .utf8)) ?? ""
  }
}
