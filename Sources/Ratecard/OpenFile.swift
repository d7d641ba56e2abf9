internal import Glibc

/// Which file it is, whatever it is called: two names with equal identities are one file.
struct FileIdentity: Hashable, Sendable {
  let device: UInt64
  let inode: UInt64
}

/// What a file looks like from outside; it differs when the file was written or replaced.
struct FileStamp: Hashable, Sendable {
  let path: String
  let identity: FileIdentity
  let size: Int
  /// When it was last written and when anything of it last changed, in nanoseconds.
  let written: Int64
  let changed: Int64
}

/// A path as the system takes it (bytes, ending in 0) and as it is shown to a person.
struct FilePath {
  let bytes: [CChar]
  let shown: String

  init(_ text: String) {
    bytes = text.utf8.map { CChar(bitPattern: $0) } + [0]
    shown = text
  }

  private init(bytes: [CChar], shown: String) {
    self.bytes = bytes
    self.shown = shown
  }

  /// The path of a name in this folder; `name` ends in 0.
  func appending(_ name: [CChar]) -> FilePath {
    let separator = CChar(bitPattern: UInt8(ascii: "/"))
    let joint = bytes.count >= 2 && bytes[bytes.count - 2] == separator ? [] : [separator]
    let joined = bytes.dropLast() + joint + name
    let text = String(decoding: joined.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return FilePath(bytes: Array(joined), shown: text)
  }
}

/// A name in a folder, as the folder lists it.
struct FolderEntry {
  let path: FilePath
  /// Whether it is a symbolic link, a dangling one too.
  let isLink: Bool
  /// Whether the listing leaves open that it is a folder or leads to one.
  let mayBeFolder: Bool
  /// Whether its name ends in `.yaml` or `.yml`.
  let isRateCard: Bool

  /// Whether a file of this name is one of a rate card.
  static func isRateCard(_ name: [UInt8]) -> Bool {
    guard let first = name.first, first != UInt8(ascii: "."), first != UInt8(ascii: "_") else {
      return false
    }
    return name.suffix(5).elementsEqual(".yaml".utf8) || name.suffix(4).elementsEqual(".yml".utf8)
  }
}

/// An open file or folder, closed when its owner lets go.
struct OpenFile: ~Copyable {
  private let descriptor: Int32
  /// Which file it is.
  let identity: FileIdentity
  /// Whether it is a folder.
  let isFolder: Bool
  /// Whether it is a regular file.
  let isRegular: Bool
  private let size: Int
  private let written: Int64
  private let changed: Int64

  /// Opens a path for reading; symbolic links are followed.
  ///
  /// Never waits: a pipe opens at once, for `isRegular` to refuse it.
  init(_ path: FilePath) throws(FileFailure) {
    let descriptor = open(path.bytes, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { throw FileFailure(path: path.shown, reason: .system(errno)) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let number = errno
      close(descriptor)
      throw FileFailure(path: path.shown, reason: .system(number))
    }
    self.descriptor = descriptor
    identity = FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    isFolder = status.st_mode & S_IFMT == S_IFDIR
    isRegular = status.st_mode & S_IFMT == S_IFREG
    size = Int(status.st_size)
    written = Self.nanoseconds(status.st_mtim)
    changed = Self.nanoseconds(status.st_ctim)
  }

  deinit { close(descriptor) }

  private static func nanoseconds(_ time: timespec) -> Int64 {
    Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }

  /// What it looked like when it was opened.
  func stamp(at path: FilePath) -> FileStamp {
    FileStamp(
      path: path.shown, identity: identity, size: size, written: written, changed: changed)
  }

  /// The names of this folder that count, sorted by bytes.
  func entries(at folder: FilePath) throws(FileFailure) -> [FolderEntry] {
    // A stream owns and closes its descriptor, so it gets one of its own.
    let own = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard own >= 0, let stream = fdopendir(own) else {
      throw FileFailure(path: folder.shown, reason: .system(errno))
    }
    defer { closedir(stream) }
    var entries: [FolderEntry] = []
    while true {
      errno = 0
      guard let listed = readdir(stream) else {
        if errno != 0 { throw FileFailure(path: folder.shown, reason: .system(errno)) }
        break
      }
      let name = withUnsafePointer(to: &listed.pointee.d_name) {
        // SAFETY: the name is an array of at least that many characters and ends in 0.
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { pointer in
          Array(UnsafeBufferPointer(start: pointer, count: strlen(pointer) + 1))
        }
      }
      let first = UInt8(bitPattern: name[0])
      guard first != UInt8(ascii: "."), first != UInt8(ascii: "_") else { continue }
      let kind = Int(listed.pointee.d_type)
      let path = folder.appending(name)
      entries.append(
        FolderEntry(
          path: path, isLink: kind == Int(DT_LNK) || (kind == Int(DT_UNKNOWN) && isLink(name)),
          mayBeFolder: [Int(DT_DIR), Int(DT_LNK), Int(DT_UNKNOWN)].contains(kind),
          isRateCard: path.shown.hasSuffix(".yaml") || path.shown.hasSuffix(".yml")))
    }
    return entries.sorted { precedes($0.path.shown, $1.path.shown) }
  }

  private func isLink(_ name: [CChar]) -> Bool {
    var status = stat()
    return fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0
      && status.st_mode & S_IFMT == S_IFLNK
  }

  /// The first `limit` bytes of this file, or all of a shorter one.
  func contents(upTo limit: Int, at path: FilePath) throws(FileFailure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: min(max(size + 1, 4096), limit))
    var count = 0
    while true {
      let wanted = bytes.count - count
      let got = bytes.withUnsafeMutableBytes { buffer in
        pread(descriptor, buffer.baseAddress.map { $0 + count }, wanted, off_t(count))
      }
      if got < 0 {
        if errno == EINTR { continue }
        throw FileFailure(path: path.shown, reason: .system(errno))
      }
      count += got
      if got == 0 || count == limit { break }
      if count == bytes.count {
        bytes.append(contentsOf: repeatElement(0, count: min(bytes.count, limit - count)))
      }
    }
    bytes.removeLast(bytes.count - count)
    return bytes
  }
}

/// Whether a text sorts before another by its bytes.
func precedes(_ left: String, _ right: String) -> Bool {
  left.utf8.lexicographicallyPrecedes(right.utf8)
}
