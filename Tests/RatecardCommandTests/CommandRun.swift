import Foundation
import RatecardCommand

/// A command that is run inside the test, with everything it writes.
struct CommandRun {
  let code: Int32
  let output: String
  let errors: String

  /// Runs the program with words, an environment, standard input and terminals of the test's choice.
  init(
    _ arguments: [String], environment: [String: String] = [:], input: [UInt8] = [],
    chunk: Int = .max, isTerminal: Bool = false
  ) {
    final class Captured { var bytes: [UInt8] = [] }
    let captured = (output: Captured(), errors: Captured())
    var rest = input[...]
    let console = Console(
      arguments: arguments, environment: environment,
      input: { buffer in
        let part = rest.prefix(min(buffer.count, chunk))
        rest = rest.dropFirst(part.count)
        buffer.copyBytes(from: part)
        return part.count
      },
      output: Output(isTerminal: isTerminal) { bytes in
        captured.output.bytes += bytes
        return 0
      },
      errors: Output(isTerminal: isTerminal) { bytes in
        captured.errors.bytes += bytes
        return 0
      })
    code = Program.run(console)
    output = String(decoding: captured.output.bytes, as: UTF8.self)
    errors = String(decoding: captured.errors.bytes, as: UTF8.self)
  }

  /// The folder of the cards that the tests ask.
  static let cards = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Cards").path

  /// The repository's folder.
  static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path
}

/// A folder that goes when the test ends.
final class TemporaryFolder {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("ratecard-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file of the folder, and folders on the way to it.
  func write(_ text: String, to name: String) throws {
    let url = URL(fileURLWithPath: path).appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  func read(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: path).appendingPathComponent(name)))
  }
}
