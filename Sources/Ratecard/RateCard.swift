public import RatecardDiagnostics
internal import RatecardEngine
public import RatecardModel
public import RatecardValues

/// A rate card that has loaded: immutable, and safe to ask from many threads at once.
public struct RateCard: Sendable {
  /// The card, read and checked.
  public let model: Card
  /// SHA-256, in hexadecimal, of what the card says; see `CardVersion`.
  ///
  /// O(card) when it is first asked for, since what only checks a card needs none.
  public var version: String { lazyVersion.value }
  /// The files it was read from; the spans of `model` lie in them.
  public let files: [SourceFile]

  private let lazyVersion: LazyVersion
  private(set) var evaluator: Evaluator
  let names: RequestNames

  /// The card of a model and its table.
  init(_ model: Card, _ table: RuleTable, files: [SourceFile]) {
    self.model = model
    self.files = files
    lazyVersion = LazyVersion(of: model)
    evaluator = Evaluator(table)
    names = RequestNames(model)
  }

  /// The same card with a table that answers the same.
  func answering(by table: RuleTable) -> RateCard {
    var card = self
    card.evaluator = Evaluator(table)
    return card
  }

  /// The same card, which answers without decision graphs: the form that is always there.
  package func withoutGraphs(keepingAdjustments: Bool = false) -> RateCard {
    answering(by: evaluator.table.withoutGraphs(keepingAdjustments: keepingAdjustments))
  }

  /// The card's own name.
  public var name: String { model.name }

  /// Reads every rate-card file of a folder and its subfolders, and loads the card they say.
  ///
  /// Names that begin with `.` or `_` are passed over. Throws when the folder or a file cannot be
  /// read; what is wrong with the card itself is in the report of a refused result.
  public static func load(
    folder: String, proving proofs: Proofs = .none
  ) throws(FileFailure) -> LoadResult {
    load(files: try FolderReader.read(folder).files, proving: proofs)
  }

  /// Reads a folder for the findings: what takes time to make, and only pays where requests are
  /// answered, is left out.
  ///
  /// A process that ends afterwards need not tidy up what was made on the way.
  package static func inspect(
    folder: String, proving proofs: Proofs, tidiesUp: Bool = true
  ) throws(FileFailure) -> Report {
    inspect(files: try FolderReader.read(folder).files, proving: proofs, tidiesUp: tidiesUp)
  }

  /// Reads files for the findings, as a folder is read.
  package static func inspect(
    files: [SourceFile], proving proofs: Proofs, tidiesUp: Bool = true
  ) -> Report {
    var loading = Loading(files, wantsGraphs: false)
    loading.prove(proofs)
    let report = loading.report
    if !tidiesUp { _ = Unmanaged.passRetained(Kept(loading: loading)) }
    return report
  }

  private final class Kept {
    let loading: Loading
    init(loading: Loading) { self.loading = loading }
  }

  /// What is proved of a card beyond what loading it takes.
  public enum Proofs: Sendable {
    /// Nothing more.
    case none
    /// That its guards hold, and those on change since another card: what a running service asks of
    /// a new card, with the one that it has.
    case guards(since: RateCard? = nil)
    /// Everything that lint looks for; rules that ended before `at` (nil: now) have expired.
    case all(at: Instant?)

    /// The files of the card before, which findings may point into as well.
    var filesBefore: [SourceFile] {
      if case .guards(let old?) = self { old.files } else { [] }
    }
  }

  /// Loads the card that some files say: text to tree, tree to model, model to table.
  ///
  /// A card with an error never loads. The order of the files means nothing but where a diagnostic
  /// points first. `zones` answers the time zones that windows name.
  public static func load(
    files: [SourceFile], zones: ZoneDatabase = .system, proving proofs: Proofs = .none
  ) -> LoadResult {
    var loading = Loading(files, zones: zones, wantsGraphs: true)
    loading.prove(proofs)
    return loading.result
  }
}
