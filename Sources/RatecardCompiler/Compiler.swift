public import RatecardDiagnostics
public import RatecardEngine
public import RatecardModel
import RatecardValues

/// The stage from model to table: proves that the card answers every request in one way, then lays
/// out the table that gives the answers.
public enum Compiler {
  /// A card that compiled, with what was worked out on the way.
  public struct Compiled: Sendable {
    /// What answers requests; made when it is first asked for.
    public var table: RuleTable { plan.table }
    /// What its rules come to.
    package let plan: TablePlan
    /// The requests that the card tells apart.
    package let space: Space
    /// Which rule beats which.
    package let sets: RuleSets

    /// The table with graphs, made anew.
    public func tableWithGraphs() -> RuleTable { plan.tableWithGraphs() ?? table }
  }

  /// Compiles a checked card; nil when its rules contradict each other, or may for all we know.
  ///
  /// The reasons are added to `bag`. Warnings alone do not keep a card from compiling. A table
  /// without graphs gives the same answers, and takes less to make than a few of them gain; it can be
  /// had with them later (`Compiled.tableWithGraphs`).
  public static func compile(
    _ card: Card, wantsGraphs: Bool = true, into bag: inout DiagnosticBag
  ) -> Compiled? {
    do {
      let space = try Space(card)
      let sets = try RuleSets(card, in: space)
      for set in sets.all {
        var check = AmbiguityCheck(set, in: space)
        try check.run()
        for diagnostic in check.found { bag.add(diagnostic) }
      }
      for diagnostic in try BoundsCheck(card, sets, in: space).run() { bag.add(diagnostic) }
      if bag.hasErrors { return nil }
      let planner = Planner(card, space, sets)
      return Compiled(
        plan: try TablePlan(planner, wantsGraphs: wantsGraphs), space: space, sets: sets)
    } catch is GlobCombinations.TooMany {
      bag.add(
        Diagnostic(
          .tooManyGlobs, "the globs of this card combine in too many ways to be told apart",
          at: firstSpan(of: card), help: "list the texts, or write globs with fewer stars"))
    } catch let gaveUp as RoomSearch.GaveUp {
      let question = gaveUp.question ?? "whether rules contradict each other"
      bag.add(
        Diagnostic(
          .proofGivenUp, "\(question) could not be decided: the rules overlap in too many ways",
          at: gaveUp.span ?? firstSpan(of: card),
          help: "split rules with several alternatives, or say with `overrides` which one wins"))
    } catch {
      bag.add(
        Diagnostic(
          .proofGivenUp, "a number of this card has too many digits for exact arithmetic",
          at: firstSpan(of: card), help: "write numbers of at most 38 digits"))
    }
    return nil
  }

  private static func firstSpan(of card: Card) -> Span {
    let spans = card.costs.map(\.span) + card.routes.map(\.span) + card.tiers.map(\.span)
    return spans.min() ?? Span(file: FileID(0), start: 0, end: 0)
  }
}
