internal import Glibc

/// The file of an SQLite store, as the system sees it.
struct SQLiteFile {
  let path: String

  /// What lies at the path.
  enum Finding: Equatable {
    /// Nothing, or an empty file.
    case nothing
    /// A store of ours, whose tables are at least of that version, and whether it is in the mode
    /// in which it is used.
    case store(version: Int, hasLog: Bool)
    /// Something else.
    case foreign
  }

  /// Looks at the header of the file, without opening it as a database.
  ///
  /// The mark of a store is in the file itself before anything else is, so that no log beside it
  /// needs to be read.
  func look() throws(StoreFailure.Reason) -> Finding {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else {
      if errno == ENOENT { return .nothing }
      throw .system(errno)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .system(errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { return .foreign }
    if status.st_size == 0 { return .nothing }
    var header = [UInt8](repeating: 0, count: 100)
    let count = pread(descriptor, &header, header.count, 0)
    guard count >= 0 else { throw .system(errno) }
    guard count == 100, header.starts(with: Array("SQLite format 3".utf8) + [0]) else {
      return .foreign
    }
    func number(at place: Int) -> UInt32 {
      header[place..<place + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }
    guard number(at: 68) == UInt32(bitPattern: SQLiteConnection.applicationID) else {
      return .foreign
    }
    return .store(version: Int(Int32(bitPattern: number(at: 60))), hasLog: header[18] == 2)
  }

  /// Makes the file, which only its owner may read, and sees to it that its name is on the disk.
  func make() throws(StoreFailure.Reason) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, 0o600)
    guard descriptor >= 0 else { throw .system(errno) }
    close(descriptor)
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let folderDescriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folderDescriptor >= 0 else { return }
    fsync(folderDescriptor)
    close(folderDescriptor)
  }
}

/// The right to serve a file, which one process has at a time; the system takes it back when the
/// process ends, however it ends.
struct ServingLease: ~Copyable, Sendable {
  private let descriptor: Int32

  init(path: String) throws(StoreFailure.Reason) {
    let descriptor = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, 0o600)
    guard descriptor >= 0 else { throw .system(errno) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let number = errno
      close(descriptor)
      throw number == EWOULDBLOCK ? .served : .system(number)
    }
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }
}
