internal import Glibc
internal import RatecardDiagnostics

/// Reads the files of a rate-card folder.
///
/// Every `*.yaml` and `*.yml` file of the folder and its subfolders counts, but for names that begin
/// with `.` or `_`. Symbolic links are followed; what several names lead to is read once, under
/// the first of its names that is no link. The answer is sorted by path, so that it does not depend
/// on the order in which the file system lists names.
struct FolderReader {
  /// How much a folder may hold.
  struct Limits {
    /// The most files.
    var files = 10_000
    /// The most bytes read of one file.
    ///
    /// A longer one is cut one byte past this, which is for the parser to report at its place.
    var fileBytes = 16 << 20
    /// The most bytes of all files.
    var totalBytes = 256 << 20
    /// The most folders inside each other.
    var depth = 64
    /// The most folders.
    var folders = 10_000
  }

  /// What a folder holds.
  struct Reading {
    /// The files, sorted by path; empty when only a look was wanted.
    var files: [SourceFile]
    /// What the files looked like, sorted by path.
    var stamps: [FileStamp]
    /// The folders visited.
    var folders: [FilePath]
  }

  private let limits: Limits
  private let folder: FilePath
  private var seen: Set<FileIdentity> = []
  private let readsContents: Bool
  private var files: [SourceFile] = []
  private var stamps: [FileStamp] = []
  private var folders: [FilePath] = []
  private var totalBytes = 0

  private init(_ folder: FilePath, limits: Limits, readsContents: Bool) {
    self.folder = folder
    self.readsContents = readsContents
    self.limits = limits
  }

  /// Reads all rate-card files of `folder`; paths begin with the folder as given.
  static func read(_ folder: String, limits: Limits = Limits()) throws(FileFailure) -> Reading {
    try walk(folder, limits: limits, readsContents: true)
  }

  /// Looks at all rate-card files of `folder` without reading them.
  static func look(at folder: String, limits: Limits = Limits()) throws(FileFailure) -> Reading {
    try walk(folder, limits: limits, readsContents: false)
  }

  private static func walk(
    _ folder: String, limits: Limits, readsContents: Bool
  ) throws(FileFailure) -> Reading {
    var trimmed = Substring(folder)
    while trimmed.utf8.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
    var reader = FolderReader(
      FilePath(String(trimmed)), limits: limits, readsContents: readsContents)
    try reader.visitAll()
    guard !reader.stamps.isEmpty else { throw FileFailure(path: folder, reason: .noFiles) }
    return Reading(
      files: reader.files.sorted { precedes($0.path, $1.path) },
      stamps: reader.stamps.sorted { precedes($0.path, $1.path) }, folders: reader.folders)
  }

  /// Visits the folder and all below it: what is no link first, so that a file is known by its true
  /// name however many links lead to it.
  private mutating func visitAll() throws(FileFailure) {
    var pending = [(path: folder, depth: 1)]
    var links: [(entry: FolderEntry, depth: Int)] = []
    while true {
      if let next = pending.popLast() {
        try visit(next.path, depth: next.depth, folders: &pending, links: &links)
      } else if !links.isEmpty {
        let batch = links.sorted { precedes($0.entry.path.shown, $1.entry.path.shown) }
        links = []
        for link in batch { try follow(link.entry, depth: link.depth, folders: &pending) }
        pending.reverse()
      } else {
        return
      }
    }
  }

  /// Lists one folder, reads its files, and leaves its folders and links for later.
  private mutating func visit(
    _ path: FilePath, depth: Int, folders pending: inout [(path: FilePath, depth: Int)],
    links: inout [(entry: FolderEntry, depth: Int)]
  ) throws(FileFailure) {
    guard depth <= limits.depth else {
      throw FileFailure(path: folder.shown, reason: .tooDeep(limit: limits.depth))
    }
    let opened = try OpenFile(path)
    guard opened.isFolder else { throw FileFailure(path: path.shown, reason: .system(ENOTDIR)) }
    guard seen.insert(opened.identity).inserted else { return }
    guard folders.count < limits.folders else {
      throw FileFailure(path: folder.shown, reason: .tooManyFolders(limit: limits.folders))
    }
    folders.append(path)
    for entry in try opened.entries(at: path).reversed() {
      if entry.isLink {
        links.append((entry, depth))
      } else {
        try follow(entry, depth: depth, folders: &pending)
      }
    }
  }

  /// Reads the file that an entry leads to, or adds the folder to those to be visited.
  private mutating func follow(
    _ entry: FolderEntry, depth: Int, folders pending: inout [(path: FilePath, depth: Int)]
  ) throws(FileFailure) {
    guard entry.isRateCard || entry.mayBeFolder else { return }
    let opened: OpenFile
    do {
      opened = try OpenFile(entry.path)
    } catch {
      // A socket or a dangling link matters only under a rate card's name; a folder always does.
      if entry.isRateCard || !entry.isLink && error.reason == .system(EACCES) { throw error }
      return
    }
    if opened.isFolder {
      pending.append((entry.path, depth + 1))
      return
    }
    guard entry.isRateCard else { return }
    guard opened.isRegular else {
      throw FileFailure(path: entry.path.shown, reason: .notARegularFile)
    }
    guard seen.insert(opened.identity).inserted else { return }
    guard stamps.count < limits.files else {
      throw FileFailure(path: folder.shown, reason: .tooManyFiles(limit: limits.files))
    }
    stamps.append(opened.stamp(at: entry.path))
    guard readsContents else { return }
    let bytes = try opened.contents(upTo: limits.fileBytes + 1, at: entry.path)
    totalBytes += bytes.count
    guard totalBytes <= limits.totalBytes else {
      throw FileFailure(path: folder.shown, reason: .tooManyBytes(limit: limits.totalBytes))
    }
    files.append(SourceFile(path: entry.path.shown, bytes: bytes))
  }
}
