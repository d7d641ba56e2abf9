internal import Glibc
internal import RatecardReplay

/// The file of `--output`: what each row comes to, as CSV or JSON Lines by its name.
///
/// It bears its name only once it is whole. What is no plain file, such as a pipe, is written to as it
/// stands.
final class RowFile {
  let lines: Backtest.Lines
  private let path: String
  private let temporary: [CChar]?
  private let descriptor: Int32
  private var isKept = false

  init(_ path: String) throws(CommandFailure) {
    let format: RowFormat
    if path.hasSuffix(".csv") {
      format = .csv
    } else if path.hasSuffix(".jsonl") || path.hasSuffix(".ndjson") {
      format = .jsonLines
    } else {
      throw .usage("`\(path)` says no format", help: "name the file …csv or …jsonl")
    }
    self.path = path
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      temporary = nil
      descriptor = open(path, O_WRONLY | O_CLOEXEC)
    } else {
      var name = Array((path + ".XXXXXX").utf8CString)
      descriptor = mkstemp(&name)
      temporary = name
    }
    guard descriptor >= 0 else { throw Self.failure(path, errno) }
    let output = descriptor
    lines = Backtest.Lines(format) { bytes in
      var written = 0
      while written < bytes.count {
        let count = Glibc.write(
          output, bytes.baseAddress.map { $0 + written }, bytes.count - written)
        if count >= 0 { written += count } else if errno != EINTR { return errno }
      }
      return 0
    }
  }

  deinit {
    if isKept { return }
    close(descriptor)
    if let temporary { unlink(temporary) }
  }

  /// Gives the file its name.
  func keep() throws(CommandFailure) {
    isKept = true
    let mask = umask(0)
    umask(mask)
    if temporary != nil { fchmod(descriptor, 0o666 & ~mask) }
    var number = close(descriptor) == 0 ? 0 : errno
    if number == 0, let temporary, rename(temporary, path) != 0 { number = errno }
    if number != 0 {
      if let temporary { unlink(temporary) }
      throw Self.failure(path, number)
    }
  }

  private static func failure(_ path: String, _ number: Int32) -> CommandFailure {
    .file("cannot write `\(path)`: \(Errors.text(number))")
  }
}
