internal import Glibc

/// Writes files so that whoever reads them sees the old bytes or the new ones, never a part.
enum FileWriter {
  /// Why a file could not be written.
  struct Failure: Error {
    let path: String
    let number: Int32

    var message: String {
      let text = strerror(number).map { String(cString: $0) } ?? "error \(number)"
      return "cannot write `\(path)`: \(text.prefix(1).lowercased() + text.dropFirst())"
    }
  }

  /// Replaces the bytes of a file; a symbolic link stays one, and the permissions stay.
  static func replace(_ path: String, with bytes: [UInt8]) throws(Failure) {
    guard let resolved = realpath(path, nil) else { throw Failure(path: path, number: errno) }
    defer { free(resolved) }
    let target = String(cString: resolved)
    var status = stat()
    guard stat(target, &status) == 0 else { throw Failure(path: path, number: errno) }
    var temporary = Array((target + ".XXXXXX").utf8CString)
    let descriptor = mkstemp(&temporary)
    guard descriptor >= 0 else { throw Failure(path: path, number: errno) }
    // The name is the file's own with letters after it, so that no reader takes it for a card.
    var number = write(bytes, to: descriptor)
    if number == 0, fchmod(descriptor, status.st_mode & 0o7777) != 0 { number = errno }
    // Whoever may not give files away keeps them.
    _ = fchown(descriptor, status.st_uid, status.st_gid)
    if number == 0, fsync(descriptor) != 0 { number = errno }
    close(descriptor)
    if number == 0, rename(temporary, target) != 0 { number = errno }
    if number != 0 {
      unlink(temporary)
      throw Failure(path: path, number: number)
    }
  }

  /// Makes a file that must not exist yet.
  static func create(_ path: String, with bytes: [UInt8]) throws(Failure) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Failure(path: path, number: errno) }
    var number = write(bytes, to: descriptor)
    if close(descriptor) != 0, number == 0 { number = errno }
    guard number == 0 else { throw Failure(path: path, number: number) }
  }

  /// Makes a folder and those above it; one that is there already is fine.
  static func createFolder(_ path: String) throws(Failure) {
    var made = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      made += made.isEmpty || made.hasSuffix("/") ? part : "/" + part
      if mkdir(made, 0o755) != 0, errno != EEXIST { throw Failure(path: made, number: errno) }
    }
  }

  /// Whether something bears a name.
  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress.map { $0 + written }, bytes.count - written)
      }
      if count >= 0 { written += count } else if errno != EINTR { return errno }
    }
    return 0
  }
}
