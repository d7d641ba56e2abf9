internal import RatecardDiagnostics
internal import RatecardSyntax
internal import RatecardValues

/// What the readers of all sections share: the findings so far and the names in scope.
///
/// Each section is read by a method of its own, in an extension of its own file. A reader reports
/// what is wrong, skips it and goes on; what it returns is only used when nothing was wrong.
struct CheckContext {
  /// Everything found so far.
  var bag: DiagnosticBag
  /// The sections of all files.
  var sections = Sections()
  /// Answers time zones by name.
  let zones: ZoneDatabase
  /// Whether a file could not be parsed, so that a name that is not found may stand in it.
  let isPartial: Bool
  /// The sections of which something could not be read, so that a name may be missing from them.
  var partialSections: Set<String> = []
  /// Where to point when something is missing from the card as a whole.
  let cardSpan: Span

  /// What a credit is; read before any amount.
  var credit = Credit.standard
  /// The attributes read so far: the built-in ones from the start.
  var attributes: [Attribute] = []
  /// The attributes by name.
  var attributeIDs: [ExactText: AttributeID] = [:]
  /// Attributes whose declaration is wrong; nothing more is said where they are used.
  var faultyAttributes: Set<ExactText> = []
  /// The parts that prices have, which adjustments may name in `of`.
  var components: Set<Adjustment.Component> = []
  /// The findings that the card accepts.
  var acceptances: [Acceptance] = []
  /// The models and their aliases.
  var models = ModelScope()
  /// The names of the windows, sorted.
  var windowNames: [ExactText] = []
  /// The names of the tiers, sorted.
  var tierNames: [ExactText] = []
  /// The names of the plans, sorted.
  var planNames: [ExactText] = []

  /// Starts with the sections of `trees` and the findings of the stages before.
  init(_ trees: [Tree], zones: ZoneDatabase, bag: DiagnosticBag) {
    self.bag = bag
    self.zones = zones
    let parsed = Set(trees.map(\.file))
    isPartial = bag.diagnostics.contains { $0.severity == .error && !parsed.contains($0.span.file) }
    cardSpan = Span(file: trees.map(\.file).min() ?? FileID(0), start: 0, end: 0)
    for tree in trees.sorted(by: { $0.file < $1.file }) { addSections(of: tree) }
  }

  /// Reports a finding.
  mutating func report(
    _ code: DiagnosticCode, _ message: String, at span: Span, help: String? = nil,
    notes: [Diagnostic.Note] = [], fix: Diagnostic.Fix? = nil
  ) {
    bag.add(Diagnostic(code, message, at: span, help: help, notes: notes, fix: fix))
  }

  /// Reports that there is no such name in scope, with the closest there is; says nothing while a
  /// file or an entry of `section` that may declare it could not be read.
  ///
  /// `message` is the whole sentence; without a close name the help lists what there is.
  mutating func reportUnknown(
    _ code: DiagnosticCode, _ message: String, _ name: String, at span: Span,
    among known: [String], of section: String, otherwise help: String? = nil
  ) {
    guard !isPartial, !partialSections.contains(section) else { return }
    let suggestion = Suggestion.closest(to: name, among: known).map { "did you mean `\($0)`?" }
    report(code, message, at: span, help: suggestion ?? help ?? Self.list(known))
  }

  /// Reports the second of two things with one name.
  mutating func reportDuplicate(_ name: String, of what: String, at span: Span, first: Span) {
    report(
      .duplicateName, "there are two \(what)s called `\(name)`", at: span,
      help: "give one of them another name",
      notes: [Diagnostic.Note("the first is here", at: first)])
  }

  /// "one of `a`, `b` or `c`", or nil where there are none or too many to read.
  static func list(_ names: [String]) -> String? {
    guard let last = names.last, names.count <= 12 else { return nil }
    guard names.count > 1 else { return "there is only `\(last)`" }
    return "one of " + names.dropLast().map { "`\($0)`" }.joined(separator: ", ") + " or `\(last)`"
  }
}

/// The names taken in one section, with the places where they were.
struct NameTable {
  /// What the section names: "plan", "rule of `costs`".
  let what: String
  private var places: [ExactText: Span] = [:]

  /// Starts with no name taken.
  init(of what: String) { self.what = what }

  /// Takes a name; false, and a finding, when it is taken already.
  mutating func claim(_ name: String, at span: Span, in context: inout CheckContext) -> Bool {
    guard let first = places[ExactText(name)] else {
      places[ExactText(name)] = span
      return true
    }
    context.reportDuplicate(name, of: what, at: span, first: first)
    return false
  }
}
