internal import Glibc

/// Why a folder or file could not be read: the world's failure, not the card's.
public struct FileFailure: Error, Hashable, Sendable {
  /// What went wrong.
  public enum Reason: Hashable, Sendable {
    /// The system refused, with its error number.
    case system(Int32)
    /// The folder holds no rate-card file.
    case noFiles
    /// It is a device, pipe or socket.
    case notARegularFile
    /// The folder holds more files than the limit.
    case tooManyFiles(limit: Int)
    /// The files together hold more bytes than the limit.
    case tooManyBytes(limit: Int)
    /// The folder holds more folders than the limit.
    case tooManyFolders(limit: Int)
    /// Folders are nested deeper than the limit.
    case tooDeep(limit: Int)
  }

  /// The folder or file, as it is shown to a person.
  public let path: String
  /// What went wrong.
  public let reason: Reason

  /// Makes a failure.
  public init(path: String, reason: Reason) {
    self.path = path
    self.reason = reason
  }
}

extension FileFailure: CustomStringConvertible {
  /// The failure in a line, such as "cannot read `pricing`: no such file or directory".
  public var description: String {
    switch reason {
    case .system(let number):
      let text = strerror(number).map { String(cString: $0) } ?? "error \(number)"
      return "cannot read `\(path)`: \(text.prefix(1).lowercased() + text.dropFirst())"
    case .noFiles: return "`\(path)` holds no rate card: no file ends in .yaml or .yml"
    case .notARegularFile: return "cannot read `\(path)`: it is not a regular file"
    case .tooManyFiles(let limit): return "`\(path)` holds more than \(limit) files"
    case .tooManyBytes(let limit): return "the files of `\(path)` hold more than \(limit) bytes"
    case .tooManyFolders(let limit): return "`\(path)` holds more than \(limit) folders"
    case .tooDeep(let limit): return "cannot read `\(path)`: more than \(limit) folders deep"
    }
  }
}
