internal import Ratecard
internal import RatecardDiagnostics

/// Where a side of a diff comes from.
enum CardSource {
  case folder(String)
  /// A revision of git, and the folder from the root of the repository; nil: the folder of the
  /// other side.
  case revision(String, folder: String?)

  /// Reads `DIR` or `git:REV[:DIR]`.
  init(_ word: String) throws(CommandFailure) {
    guard word.hasPrefix("git:") else {
      self = .folder(word)
      return
    }
    let parts = word.dropFirst(4).split(
      separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let revision = String(parts[0])
    let folder = parts.count == 2 ? String(parts[1]) : nil
    guard !revision.isEmpty, folder != "" else {
      throw .usage("`\(word)` names no card: write git:REV or git:REV:DIR")
    }
    self = .revision(revision, folder: folder)
  }

  /// Loads the card; a revision without a folder is asked for that of `other`.
  func load(beside other: CardSource) throws(CommandFailure) -> RateCard {
    switch self {
    case .folder(let folder): return try loadCard(folder)
    case .revision(let revision, let folder?):
      return try Self.load(GitFolder(revision: revision, folder: folder))
    case .revision(let revision, nil):
      switch other {
      case .folder(let folder):
        return try Self.load(GitFolder(revision: revision, folder: nil, workingFolder: folder))
      case .revision(_, let folder):
        return try Self.load(GitFolder(revision: revision, folder: folder ?? defaultFolder))
      }
    }
  }

  private static func load(_ git: GitFolder) throws(CommandFailure) -> RateCard {
    let files: [SourceFile]
    do throws(GitFolder.Failure) { files = try git.files() } catch { throw .file(error.message) }
    switch RateCard.load(files: files) {
    case .loaded(let card, _): return card
    case .refused(let report): throw .refused(report)
    }
  }
}
