internal import RatecardDiagnostics

/// A rate-card folder as a revision of a git repository has it.
struct GitFolder {
  /// Why a folder could not be read, in a line.
  struct Failure: Error {
    let message: String
  }

  /// What names the revision: `HEAD~1`, a branch, a tag.
  let revision: String
  /// The folder, from the root of the repository (empty); nil: the working folder itself.
  let folder: String?
  /// Where git runs; nil: where this program does.
  let workingFolder: String?

  /// The most bytes of all files.
  private static let byteLimit = 256 << 20
  /// How many files are asked for at once, so that their names fit on a command line.
  private static let batch = 1000

  /// A folder may be spelled with dots and slashes that mean nothing.
  init(revision: String, folder: String?, workingFolder: String? = nil) {
    self.revision = revision
    self.folder = folder.map { folder in
      folder.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
    }
    self.workingFolder = workingFolder
  }

  private struct Entry {
    let object: String
    let size: Int
    let path: String
  }

  /// The rate-card files, by path; nothing is written to the repository or the working tree.
  func files() throws(Failure) -> [SourceFile] {
    let entries = try entries()
    let total = entries.reduce(0) { $0 + $1.size }
    guard total <= Self.byteLimit else {
      throw Failure(message: "the files of `\(shown)` hold more than \(Self.byteLimit) bytes")
    }
    var files: [SourceFile] = []
    for start in stride(from: 0, to: entries.count, by: Self.batch) {
      let batch = entries[start..<min(start + Self.batch, entries.count)]
      var bytes = try git(["show"] + batch.map(\.object))[...]
      guard bytes.count == batch.reduce(0, { $0 + $1.size }) else {
        throw Failure(message: "git shows other files of `\(shown)` than it lists")
      }
      for entry in batch {
        files.append(
          SourceFile(path: "\(revision):\(entry.path)", bytes: Array(bytes.prefix(entry.size))))
        bytes = bytes.dropFirst(entry.size)
      }
    }
    return files
  }

  private var shown: String { folder.map { "\(revision):\($0)" } ?? revision }

  /// The files of the folder and its subfolders that a loader reads of a folder on disk.
  private func entries() throws(Failure) -> [Entry] {
    let tree = try tree()
    var words = ["ls-tree", "-r", "-l", "-z", tree]
    if let folder {
      words.append("--full-tree")
      if !folder.isEmpty { words += ["--", folder + "/"] }
    }
    let listing = try git(words)
    var entries: [Entry] = []
    for line in listing.split(separator: 0) {
      guard let tab = line.firstIndex(of: UInt8(ascii: "\t")) else { continue }
      let words = line[..<tab].split(separator: UInt8(ascii: " ")).map {
        String(decoding: $0, as: UTF8.self)
      }
      let path = String(decoding: line[(tab + 1)...], as: UTF8.self)
      guard words.count == 4, isRateCard(path) else { continue }
      guard words[0].hasPrefix("100"), let size = Int(words[3]) else {
        throw Failure(
          message: "cannot read `\(revision):\(path)`: it is not a regular file in git")
      }
      entries.append(Entry(object: words[2], size: size, path: path))
    }
    guard !entries.isEmpty else {
      throw Failure(message: "`\(shown)` holds no rate card: no file ends in .yaml or .yml")
    }
    return entries.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  /// Whether a file counts: by its ending, and since no name below the folder begins with `.` or
  /// `_`.
  private func isRateCard(_ path: String) -> Bool {
    guard path.hasSuffix(".yaml") || path.hasSuffix(".yml") else { return false }
    return !path.dropFirst(folder?.count ?? 0).split(separator: "/").contains {
      $0.hasPrefix(".") || $0.hasPrefix("_")
    }
  }

  /// The object that the revision names.
  private func tree() throws(Failure) -> String {
    let words = ["rev-parse", "--verify", "--quiet", "--end-of-options", "\(revision)^{commit}"]
    let outcome = try run(words)
    guard outcome.code == 0 else {
      guard outcome.code != 1 else { throw Failure(message: "git knows no revision `\(revision)`") }
      throw failure(outcome)
    }
    return String(decoding: outcome.output.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
  }

  /// What git writes.
  private func git(_ words: [String]) throws(Failure) -> [UInt8] {
    let outcome = try run(words)
    guard outcome.code == 0 else { throw failure(outcome) }
    return outcome.output
  }

  private func run(_ words: [String]) throws(Failure) -> Subprocess.Outcome {
    let place = workingFolder.map { ["-C", $0] } ?? []
    do throws(Subprocess.Failure) {
      return try Subprocess.run(["git", "--no-pager"] + place + words)
    } catch {
      throw Failure(message: "cannot ask git about `\(shown)`: \(error)")
    }
  }

  /// What git says is wrong.
  private func failure(_ outcome: Subprocess.Outcome) -> Failure {
    let lines = String(decoding: outcome.errors, as: UTF8.self).split(separator: "\n")
    let reason = lines.first.map { String($0).replacingPrefix("fatal: ", with: "") }
    return Failure(message: "git cannot read `\(shown)`: \(reason ?? "it gives no reason")")
  }
}
