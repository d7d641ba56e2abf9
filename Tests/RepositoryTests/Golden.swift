import Foundation
import Testing

/// Whole expected outputs, kept beside what they are the output of.
enum Golden {
  /// Holds a text against a file, or writes the file when recording.
  static func compare(
    _ text: String, with path: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let expected = (try? Repository.text(path)) ?? ""
    guard text != expected else { return }
    guard Repository.isRecording else {
      Issue.record(
        """
        \(path) differs; RATECARD_RECORD=1 writes it anew. Now:
        \(text)
        """, sourceLocation: sourceLocation)
      return
    }
    try text.write(to: Repository.root.appending(path: path), atomically: true, encoding: .utf8)
    Issue.record("\(path) was recorded; read it and run again", sourceLocation: sourceLocation)
  }
}
