import Testing

/// The shipped card and the examples are cards that people copy, so they are without a fault.
struct CardFolderTests {
  static let cards: [String] =
    ["pricing", "Examples/azure-log/card", "Examples/changes/before", "Examples/changes/after"]
    + ((try? Repository.folders(in: "Examples/puzzles")) ?? [])
    + ((try? Repository.folders(in: "Examples/companies")) ?? [])
    + ((try? Repository.folders(in: "Tests/Cards")) ?? [])

  @Test(arguments: cards)
  func lintFindsNothing(_ card: String) throws {
    let lint = try Shell.run("ratecard lint --strict '\(card)'", merged: true)
    #expect(lint.status == 0, "\(lint.output)")
    let text = try Shell.run("ratecard lint --format json '\(card)'")
    #expect(text.output.contains(#""errors":0"#) && text.output.contains(#""warnings":0"#))
  }

  @Test(arguments: cards)
  func itsTestsPass(_ card: String) throws {
    let test = try Shell.run("ratecard test '\(card)'", merged: true)
    #expect(test.status == 0, "\(test.output)")
  }

  /// Cards that load, and of which lint proves that something is wrong.
  @Test(arguments: try Repository.folders(in: "Examples/proofs"))
  func provenCardsSayWhy(_ card: String) throws {
    let lint = try Shell.run("ratecard lint '\(card)'", merged: true)
    #expect(lint.status == 1)
    try expect(lint.output, in: "\(card)/lint.txt")
    #expect(try Shell.run("ratecard lint --no-proofs '\(card)'", merged: true).status == 0)
  }

  @Test(arguments: try Repository.folders(in: "Examples/refused"))
  func refusedCardsSayWhy(_ card: String) throws {
    let lint = try Shell.run("ratecard lint '\(card)'", merged: true)
    #expect(lint.status == 1, "the card must not load")
    try expect(lint.output, in: "\(card)/lint.txt")
    let eval = try Shell.run("ratecard eval '\(card)' model=gpt-4o")
    #expect(eval.status != 0 && eval.output.isEmpty, "a card with errors answers nothing")
  }
}
