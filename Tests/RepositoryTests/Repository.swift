import Foundation
import RatecardTestSupport
import Testing

/// The checkout that the tests are about.
enum Repository {
  /// The folder with Package.swift.
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// A file or folder of the material that lies beside the checkout; nil where it is missing.
  static func shared(_ path: String) -> URL? { SharedFiles.url(path) }

  /// The text of a file, by its path from the root.
  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// The paths, from the root, of all files below a folder with one of these extensions, sorted.
  static func files(below folder: String, extensions: Set<String>) -> [String] {
    let walk = FileManager.default.enumerator(atPath: root.appending(path: folder).path)
    var found: [String] = []
    while let path = walk?.nextObject() as? String {
      let isHidden = path.split(separator: "/").contains { $0.hasPrefix(".") }
      let suffix = URL(filePath: path).pathExtension
      if !isHidden, extensions.contains(suffix) { found.append("\(folder)/\(path)") }
    }
    return found.sorted()
  }

  /// The paths of the folders directly in a folder, sorted.
  static func folders(in folder: String) throws -> [String] {
    let names = try FileManager.default.contentsOfDirectory(
      atPath: root.appending(path: folder).path)
    return names.filter { !$0.hasPrefix(".") }.map { "\(folder)/\($0)" }.sorted().filter {
      var isFolder: ObjCBool = false
      let path = root.appending(path: $0).path
      return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        && isFolder.boolValue
    }
  }

  /// The folder of the programs that were built together with these tests.
  static let programs: URL = {
    let tests = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    let beside = tests.appending(path: "ratecard")
    return FileManager.default.isExecutableFile(atPath: beside.path)
      ? tests : root.appending(path: ".build/debug")
  }()
}

/// A folder for one test, removed with it.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(
      path: "ratecard-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }
}

/// Holds a text against a file of the checkout, by its path from the root.
func expect(
  _ text: String, in path: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  if let difference = try Goldens.difference(text, from: Repository.root.appending(path: path)) {
    Issue.record("\(difference)", sourceLocation: sourceLocation)
  }
}
