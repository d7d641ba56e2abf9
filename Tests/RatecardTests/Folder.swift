import Foundation

/// A folder that goes when the test ends.
final class Folder: Sendable {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("ratecard-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a name in the folder.
  func at(_ name: String) -> String { path + "/" + name }

  /// Writes a file at once, as if it had always been so, and the folders on the way to it.
  func write(_ text: String, to name: String) throws {
    let url = URL(fileURLWithPath: at(name))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    let hidden = url.deletingLastPathComponent().appendingPathComponent(".\(UUID().uuidString)")
    try Data(text.utf8).write(to: hidden)
    guard Foundation.rename(hidden.path, url.path) == 0 else {
      throw CocoaError(.fileWriteUnknown)
    }
  }

  func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: at(name), withDestinationPath: target)
  }

  func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: at(name)) }

  /// Gives a file another name, replacing what has that name.
  func rename(_ name: String, to other: String) throws {
    guard Foundation.rename(at(name), at(other)) == 0 else {
      throw CocoaError(.fileWriteUnknown)
    }
  }
}
