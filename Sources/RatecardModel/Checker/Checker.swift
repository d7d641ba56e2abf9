public import RatecardDiagnostics
public import RatecardSyntax
public import RatecardValues

/// Turns the trees of a card's files into a typed card, or says everything that is wrong with it.
public enum Checker {
  /// Checks the files of one card and returns the card, or nil when there is any error.
  ///
  /// All findings are added to `bag`. The order of `trees` means nothing to the card; it only
  /// decides which of two entries with one name is called the second. A file that could not be
  /// parsed has no tree: as long as `bag` holds its error, names that are not found are taken to
  /// be declared in it. `zones` answers the time zones that windows name.
  public static func check(
    _ trees: [Tree], zones: ZoneDatabase, into bag: inout DiagnosticBag
  ) -> Card? {
    var context = CheckContext(trees, zones: zones, bag: bag)

    // What other sections refer to by name.
    let header = context.readHeader()
    let windows = context.readWindows()
    context.readModels()
    context.collectTierNames()
    context.collectPlanNames()
    context.readAttributes()

    // The rules.
    let costs = context.readCosts()
    let adjustments = context.readAdjustments()
    let tiers = context.readTiers()
    let routes = context.readRoutes()
    let events = context.readEvents()

    // What stands beside the rules.
    let plans = context.readPlans()
    let meter = context.readMeter()
    let tests = context.readTests()
    let guards = context.readGuards()
    context.readCardAcceptances()

    bag = context.bag
    guard !bag.hasErrors else { return nil }
    return Card(
      name: header.name, credit: context.credit, attributes: context.attributes,
      models: ModelList(isDeclared: context.models.isDeclared, models: context.models.models),
      windows: windows, costs: costs, adjustments: adjustments, tierNames: context.tierNames,
      tiers: tiers, routes: routes, events: events, plans: plans, meter: meter, tests: tests,
      guards: guards, acceptances: context.acceptances.sorted { $0.span < $1.span })
  }
}
