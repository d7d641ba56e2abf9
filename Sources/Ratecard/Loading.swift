internal import RatecardAnalysis
internal import RatecardCompiler
internal import RatecardDiagnostics
internal import RatecardEngine
internal import RatecardModel
internal import RatecardSyntax
internal import RatecardValues

/// A load as far as it has come: text to tree, tree to model, model to table, and what is found on
/// the way.
///
/// Everybody loads this way: whoever asks for a card, lint, and a folder that is followed.
struct Loading: Sendable {
  /// The files of the card, and behind them those of others that findings point into.
  private var files: [SourceFile]
  private let ownFiles: Int
  private var bag = DiagnosticBag()
  /// Nil: errors keep the card from getting this far.
  private var made: (model: Card, compiled: Compiler.Compiled)?

  /// Loads the card that some files say.
  init(_ files: [SourceFile], zones: ZoneDatabase = .system, wantsGraphs: Bool) {
    // What is missing has to be missing somewhere.
    self.files = files.isEmpty ? [SourceFile(path: "rate card", bytes: [])] : files
    ownFiles = self.files.count
    let trees = self.files.enumerated().compactMap { index, file in
      Tree.parse(file, as: FileID(index), into: &bag)
    }
    guard let model = Checker.check(trees, zones: zones, into: &bag), !bag.hasErrors,
      let compiled = Compiler.compile(model, wantsGraphs: wantsGraphs, into: &bag), !bag.hasErrors
    else { return }
    made = (model, compiled)
    // Asking takes the table, and so do tests.
    if !model.tests.isEmpty { card?.checkTests(into: &bag) }
  }

  /// The card; nil: it has errors.
  ///
  /// Makes the table where nobody has asked for it before.
  var card: RateCard? {
    guard let made, !bag.hasErrors else { return nil }
    return RateCard(made.model, made.compiled.table, files: Array(files.prefix(ownFiles)))
  }

  /// What was found so far.
  var report: Report { Report(files: files, diagnostics: bag.sorted) }

  /// What it comes to.
  var result: LoadResult { card.map { .loaded($0, report) } ?? .refused(report) }

  /// The table with graphs; nil: there is no card.
  func tableWithGraphs() -> RuleTable? { made?.compiled.tableWithGraphs() }

  /// Adds what else is found of the card, as proofs or by whoever else looks at it.
  mutating func add(_ report: Report) {
    files += report.files.dropFirst(files.count)
    for diagnostic in report.diagnostics { bag.add(diagnostic) }
  }

  /// Proves more of a card that loaded.
  ///
  /// Asks from time to time whether that is still wanted. False: it was not, and not all is found.
  @discardableResult
  mutating func prove(_ proofs: RateCard.Proofs, while isWanted: () -> Bool = { true }) -> Bool {
    guard let made, !bag.hasErrors else { return true }
    switch proofs {
    case .none: return true
    case .guards(let old):
      let card = old == nil ? nil : self.card
      Analysis.proveGuards(made.model, made.compiled, into: &bag)
      if let old { card?.proveChanges(since: old, into: &bag) }
      if bag.hasErrors { files += proofs.filesBefore }
      return true
    case .all(let at):
      if !made.model.tests.isEmpty { card?.checkTestReach(into: &bag) }
      return Analysis.run(
        made.model, made.compiled, now: at ?? .now(), into: &bag, while: isWanted)
    }
  }
}
