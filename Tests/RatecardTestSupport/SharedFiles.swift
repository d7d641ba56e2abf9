public import Foundation

/// Material beside the checkout that tests use where it is at hand, and that is no part of it.
public enum SharedFiles {
  /// The file at a path below `../shared`; nil: it is not there.
  public static func url(_ path: String, of file: String = #filePath) -> URL? {
    let root = URL(filePath: file).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let url = root.deletingLastPathComponent().appending(path: "shared").appending(path: path)
    return FileManager.default.fileExists(atPath: url.path) ? url : nil
  }

  /// What that file holds; nil: it is not there.
  public static func contents(_ path: String) -> Data? {
    url(path).flatMap { FileManager.default.contents(atPath: $0.path) }
  }
}
