internal import RatecardAnalysis
internal import RatecardCompiler
public import RatecardDiagnostics
internal import RatecardEngine
public import RatecardModel
internal import RatecardSyntax
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

  /// The same card, which answers without decision graphs: the form that is always there.
  package func withoutGraphs(keepingAdjustments: Bool = false) -> RateCard {
    var card = self
    card.evaluator = Evaluator(
      evaluator.table.withoutGraphs(keepingAdjustments: keepingAdjustments))
    return card
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

  /// Reads a folder for the findings: what takes time to make, and only pays where many requests
  /// are answered, is left out.
  package static func inspect(
    folder: String, proving proofs: Proofs
  ) throws(FileFailure) -> LoadResult {
    load(files: try FolderReader.read(folder).files, proving: proofs, wantsGraphs: false)
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
    fileprivate var filesBefore: [SourceFile] {
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
    load(files: files, zones: zones, proving: proofs, wantsGraphs: true)
  }

  private static func load(
    files: [SourceFile], zones: ZoneDatabase = .system, proving proofs: Proofs, wantsGraphs: Bool
  ) -> LoadResult {
    // What is missing has to be missing somewhere.
    let files = files.isEmpty ? [SourceFile(path: "rate card", bytes: [])] : files
    var bag = DiagnosticBag()
    let trees = files.enumerated().compactMap { index, file in
      Tree.parse(file, as: FileID(index), into: &bag)
    }
    guard let model = Checker.check(trees, zones: zones, into: &bag), !bag.hasErrors,
      let compiled = Compiler.compile(model, wantsGraphs: wantsGraphs, into: &bag), !bag.hasErrors
    else {
      return .refused(Report(files: files, diagnostics: bag.sorted))
    }
    let card = RateCard(
      model: model, files: files, lazyVersion: LazyVersion(of: model),
      evaluator: Evaluator(compiled.table),
      names: RequestNames(model))
    card.checkTests(into: &bag)
    switch proofs {
    case .none: break
    case .guards(let old):
      Analysis.proveGuards(model, compiled, into: &bag)
      if let old { card.proveChanges(since: old, into: &bag) }
    case .all(let at):
      card.checkTestReach(into: &bag)
      Analysis.run(model, compiled, now: at ?? .now(), into: &bag)
    }
    guard !bag.hasErrors else {
      return .refused(Report(files: files + proofs.filesBefore, diagnostics: bag.sorted))
    }
    return .loaded(card, Report(files: files, diagnostics: bag.sorted))
  }
}
