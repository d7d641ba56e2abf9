internal import Glibc
internal import Synchronization

/// The file in which a lock lies.
public struct LockFile: Hashable, Sendable {
  private static let sizeLimit = 1 << 20

  /// Its path.
  public let path: String

  /// Names a file, which need not be there.
  public init(_ path: String) { self.path = path }

  /// Reads the lock; nil: there is none.
  public func read() throws(LockFailure) -> ProviderLock? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw Self.failure("read", path)
    }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 16 << 10)
    while true {
      let count = Glibc.read(descriptor, &piece, piece.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Self.failure("read", path) }
      if count == 0 { break }
      bytes += piece[..<count]
      guard bytes.count <= Self.sizeLimit else {
        throw LockFailure("`\(path)` is no lock: too large")
      }
    }
    return try ProviderLock(parsing: bytes, path: path)
  }

  /// Writes the lock, so that whoever reads it sees the old one or the new one, and it is there after a
  /// power cut; makes its folder.
  public func write(_ lock: ProviderLock) throws(LockFailure) {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    if !folder.isEmpty, mkdir(folder, 0o755) != 0, errno != EEXIST {
      throw Self.failure("write", path)
    }
    var temporary = Array((path + ".XXXXXX").utf8CString)
    let descriptor = mkstemp(&temporary)
    guard descriptor >= 0 else { throw Self.failure("write", path) }
    let isDone =
      Self.write(Array(lock.yaml.utf8), to: descriptor) && fchmod(descriptor, 0o644) == 0
      && fsync(descriptor) == 0 && rename(temporary, path) == 0
    let failure = isDone ? nil : Self.failure("write", path)
    close(descriptor)
    if let failure {
      unlink(temporary)
      throw failure
    }
    let directory = open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard directory >= 0 else { return }
    fsync(directory)
    close(directory)
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count >= 0 { rest = rest.dropFirst(count) } else if errno != EINTR { return false }
    }
    return true
  }

  private static func failure(_ what: String, _ path: String) -> LockFailure {
    let text = strerror(errno).map { String(cString: $0) } ?? "error \(errno)"
    return LockFailure(
      "cannot \(what) `\(path)`: \(text.prefix(1).lowercased() + text.dropFirst())")
  }
}

/// A lock that follows its file: what was read last where that cannot be read.
public final class LockBook: Sendable {
  /// What tells a file from the one before it.
  private struct Mark: Hashable, Sendable {
    var inode: UInt64 = 0
    var size: Int64 = -1
    var seconds: Int = 0
    var nanoseconds: Int = 0
  }

  private struct State: Sendable {
    var mark: Mark
    var lock: ProviderLock?
  }

  private let file: LockFile
  private let state: Mutex<State>

  /// Reads a lock's file for the first time; nothing there is fine.
  public init(_ file: LockFile) throws(LockFailure) {
    self.file = file
    let mark = Self.mark(file.path)
    state = Mutex(State(mark: mark, lock: try file.read()))
  }

  /// The lock as its file has it now.
  public var current: ProviderLock? {
    state.withLock { state in
      let mark = Self.mark(file.path)
      if mark != state.mark {
        do throws(LockFailure) {
          state.lock = try file.read()
          state.mark = mark
        } catch {
          // The next who asks tries again.
        }
      }
      return state.lock
    }
  }

  private static func mark(_ path: String) -> Mark {
    var status = stat()
    guard stat(path, &status) == 0 else { return Mark() }
    return Mark(
      inode: UInt64(status.st_ino), size: Int64(status.st_size),
      seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
  }
}
