import RatecardDiagnostics

/// A failure of libyaml, understood: what the author did, where, and what to write instead.
struct Mistake {
  /// A byte to put in place of another so that reading can go on as the author meant.
  struct Change {
    let offset: Int
    let byte: UInt8
  }

  private let failure: EventReader.Failure
  private let place: Int
  private let contextPlace: Int
  private let bytes: [UInt8]
  private let original: [UInt8]
  private let tabs: [Int]
  /// What to change before the file is read again; empty when nothing sensible is known.
  private(set) var remedy: [Change] = []

  init(
    _ failure: EventReader.Failure, at place: Int, from contextPlace: Int, in bytes: [UInt8],
    original: [UInt8], tabs: [Int]
  ) {
    self.failure = failure
    self.place = place
    self.contextPlace = contextPlace
    self.bytes = bytes
    self.original = original
    self.tabs = tabs
  }

  func report(to report: inout Reporter) {
    report.add(
      .brokenYAML, "this cannot be read as YAML: \(failure.problem)", at: place, end: place + 1)
  }

  static func reportTab(at tab: Int, in bytes: [UInt8], to report: inout Reporter) {
    var end = tab
    while end < bytes.count, bytes[end] == UInt8(ascii: "\t") { end += 1 }
    report.add(
      .tabIndentation, "a tab indents this line", at: tab, end: end,
      help: "indent with spaces")
  }
}
