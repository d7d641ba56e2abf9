import Foundation
import RatecardJSON
import RatecardTestSupport
import Testing

/// What a card has at the provider, against the stand-in.
struct ProvisionTests {
  static let card = """
    ratecard: 1
    name: shop
    credit:
      unit: credit
      decimals: 2
      expires_after_days: 30
      rollover: {percent: 25, for: 1 month, times: 2}
      overage: {rate: 0.04 USD, limit: 100, settle: invoice_at_billing}
    costs: [credits: 1]
    plans:
      free: {price: 0 USD per month, credits: 50}
      pro: {price: 20 USD per month, credits: 500, low_balance_percent: 10}
      big: {price: 50000 JPY per year, credits: 2.5, overage: {rate: 0.02 USD}}
      pack: {price: 5 USD once, credits: 100, expires_after_days: 365}
      team: {product: prod_team, price: 30 USD per seat per month, credits: 900}
      custom: {}
    meter: {event: ai.request}
    """

  let provider: StandIn
  let folder: TemporaryFolder

  init() throws {
    provider = try StandIn()
    folder = try TemporaryFolder()
    try folder.write(Self.card, to: "card.yaml")
  }

  private func provision(_ words: String..., environment: [String: String] = [:]) -> CommandRun {
    CommandRun(
      ["provision", folder.path] + words,
      environment: provider.environment.merging(environment) { $1 })
  }

  private func apply(_ words: String..., status: Int32 = 0) -> CommandRun {
    let run = CommandRun(
      ["provision", folder.path, "--apply", "--overage-price", "smallest"] + words,
      environment: provider.environment)
    #expect(run.code == status, "\(run.output)\(run.errors)")
    return run
  }

  private func list(_ path: String) throws -> [JSONValue] {
    try JSONValue(parsing: try provider.ask("GET", path))["items"]?.items ?? []
  }

  private func lock() throws -> String {
    String(decoding: try folder.read(".provider/test.lock.yaml"), as: UTF8.self)
  }

  /// The id that the lock has under a name.
  private func id(_ name: String) throws -> String {
    let line = try #require(try lock().split(separator: "\n").first { $0.contains("\(name): ") })
    return String(line.split(separator: " ").last ?? "")
  }

  private func product(_ plan: String) throws -> JSONValue {
    try JSONValue(parsing: try provider.ask("GET", "/products/\(try id(plan))"))
  }

  @Test func makesEverythingOnce() throws {
    let plan = provision("--overage-price", "smallest")
    #expect(plan.code == 0)
    #expect(plan.output.contains("6 to make, 2 left alone; `--apply` makes it so"))
    #expect(try list("/meters").isEmpty, "a plan sends nothing")
    #expect(throws: (any Error).self, "nor does it write") { try lock() }

    #expect(apply().output.contains("6 made, 2 left alone"))
    let ids = try lock()
    for name in ["meter", "credits", "big", "free", "pack", "pro"] { _ = try id(name) }
    #expect(ids.contains("business: bus_standin"))
    #expect(try id("meter") == (try list("/meters"))[0]["id"]?.string)

    #expect(apply().output.contains("6 as they should be, 2 left alone"))
    #expect(try lock() == ids)
    // Whoever has no lock finds the same objects.
    try FileManager.default.removeItem(atPath: folder.path + "/.provider")
    #expect(apply().output.contains("6 as they should be"))
    #expect(try lock() == ids)
    #expect(try list("/meters").count == 1)
    #expect(try list("/credit-entitlements").count == 1)
    #expect(try list("/products").count == 4)
  }

  @Test func makesWhatTheCardSays() throws {
    _ = apply()
    let meter = try list("/meters")[0]
    #expect(meter["aggregation"] == ["type": "sum", "key": "credit_cost"])
    let credits = try list("/credit-entitlements")[0]
    let expected: [(String, JSONValue)] = [
      ("precision", 2), ("unit", "credit"), ("expires_after_days", 30),
      ("rollover_enabled", true), ("rollover_percentage", 25),
      ("rollover_timeframe_count", 1), ("rollover_timeframe_interval", "Month"),
      ("max_rollover_count", 2), ("overage_enabled", true),
      ("overage_limit", 100), ("overage_behavior", "invoice_at_billing"), ("price_per_unit", "4"),
      ("currency", "USD"),
    ]
    for (name, value) in expected { #expect(credits[name] == value, "\(name)") }

    let pro = try product("pro")
    #expect(pro["name"] == "shop pro")
    #expect(pro["price"]?["type"] == "usage_based_price")
    #expect(pro["price"]?["fixed_price"] == 2000)
    #expect(pro["price"]?["payment_frequency_interval"] == "Month")
    #expect(
      pro["price"]?["subscription_period_interval"] == "Year", "else it would end after a month")
    let link = try #require(pro["price"]?["meters"]?.items?.first)
    #expect(link["meter_id"] == meter["id"])
    #expect(link["credit_entitlement_id"] == credits["id"])
    #expect(link["meter_units_per_credit"] == "1")
    let attached = try #require(pro["credit_entitlements"]?.items?.first)
    #expect(attached["credits_amount"] == "500")
    #expect(attached["low_balance_threshold_percent"] == 10)

    let big = try product("big")
    #expect(big["price"]?["fixed_price"] == 50000, "a yen has no smaller unit")
    #expect(big["price"]?["payment_frequency_interval"] == "Year")
    let terms = try #require(big["credit_entitlements"]?.items?.first)
    #expect(terms["credits_amount"] == "2.5")
    #expect(terms["price_per_unit"] == "2", "over the card's own")
    #expect(terms["overage_limit"] == "100", "the card's own")
    #expect(try product("free")["price"]?["fixed_price"] == 0)
    let pack = try product("pack")
    #expect(pack["price"]?["type"] == "one_time_price")
    #expect(pack["price"]?["price"] == 500)
    #expect(pack["credit_entitlements"]?.items?.first?["expires_after_days"] == 365)
  }

  @Test func whatDiffersIsShownAndChangedAlone() throws {
    _ = apply()
    let id = try id("pro")
    // Somebody has been at the dashboard, and added what the card says nothing of.
    let other = try provider.ask(
      "POST", "/credit-entitlements",
      #"{"name":"Images","precision":0,"unit":"image","rollover_enabled":false,"#
        + #""overage_enabled":false}"#)
    let images = try #require(try JSONValue(parsing: other)["id"]?.string)
    var price = try #require(try product("pro")["price"]?.members)
    price.removeAll { ["fixed_price", "tax_inclusive"].contains($0.name) }
    price += [.init("fixed_price", 1500), .init("tax_inclusive", true)]
    let credits = try self.id("credits")
    let body: JSONValue = [
      "name": "Shop Pro!", "price": .object(price),
      "credit_entitlements": [
        ["credit_entitlement_id": .string(images), "credits_amount": "7"],
        ["credit_entitlement_id": .string(credits), "credits_amount": "400"],
      ],
    ]
    try provider.ask("PATCH", "/products/\(id)", body.text())

    let plan = provision()
    #expect(plan.code == 0)
    #expect(
      plan.output.contains(
        """
        ~ product  pro         \(id)
            price.fixed_price                      1500 → 2000
            credits.credits_amount                 400 → 500
            credits.low_balance_threshold_percent  nothing → 10
            (who has subscribed keeps what was sold)
        """), "\(plan.output)")
    #expect(provision("--apply").code == 0, "the price of overage is as it was, so nobody is asked")
    let changed = try product("pro")
    #expect(changed["name"] == "Shop Pro!", "names are not the card's")
    #expect(changed["price"]?["fixed_price"] == 2000)
    #expect(changed["price"]?["tax_inclusive"] == true)
    let attached = try #require(changed["credit_entitlements"]?.items)
    #expect(attached.map { $0["credits_amount"] } == ["7", "500"])
    #expect(attached[1]["price_per_unit"] == "4", "nobody said that it is to be read otherwise")
    #expect(provision().output.contains("6 as they should be"))
  }

  @Test func asksHowThePriceOfOverageIsRead() throws {
    let run = provision("--apply")
    #expect(run.code == 1)
    #expect(run.errors.contains("say `--overage-price main` or `--overage-price smallest`"))
    #expect(run.output.contains(" 0.04 or 4\n"))
    #expect(try list("/meters").isEmpty)
    _ = apply()
    // Both readings of what is there are what the card says.
    #expect(provision("--apply").code == 0)
    #expect(
      provision("--overage-price", "main").output.contains("price_per_unit  4 → 0.04"))
    try folder.write(
      Self.card.replacing("rate: 0.04 USD", with: "rate: 0.05 USD"), to: "card.yaml")
    #expect(provision("--apply").code == 1)
    #expect(apply().code == 0)
    #expect(try list("/credit-entitlements")[0]["price_per_unit"] == "5")
  }

  @Test func whatTheProviderCannotChangeIsInTheWay() throws {
    _ = apply()
    try folder.write(
      Self.card.replacing("decimals: 2", with: "decimals: 3")
        .replacing("price: 5 USD once", with: "price: 5 USD per month"), to: "card.yaml")
    let run = apply(status: 1)
    #expect(run.output.contains("! credits  credit"))
    #expect(run.output.contains("the provider cannot change `precision`"))
    #expect(run.output.contains("the provider cannot change `price.type`"))
    #expect(run.errors.contains("nothing was sent: 2 of these cannot be as the card says"))
  }

  @Test func anotherMeterIsMadeWhereTheCardCountsOtherwise() throws {
    _ = apply()
    let old = try id("meter")
    try folder.write(
      Self.card.replacing("event: ai.request", with: "event: ai.call"), to: "card.yaml")
    _ = apply()
    #expect(try id("meter") != old)
    let meters = try #require(try product("pro")["price"]?["meters"]?.items)
    #expect(meters.map { $0["meter_id"]?.string } == [try id("meter")], "usage counts once")
    #expect(try list("/meters").count == 2, "nothing is deleted")
    #expect(apply().output.contains("6 as they should be"))
  }

  @Test(arguments: [
    ("25.5", "the provider rolls over whole percent, and the card says 25.5"),
    ("0", nil),
  ])
  func saysWhatTheProviderDoesNotTake(_ percent: String, _ obstacle: String?) throws {
    try folder.write(
      Self.card.replacing("percent: 25", with: "percent: \(percent)"), to: "card.yaml")
    let run = apply(status: obstacle == nil ? 0 : 1)
    if let obstacle { #expect(run.output.contains(obstacle)) }
    #expect(try list("/meters").count == (obstacle == nil ? 1 : 0))
  }

  /// The call is carried out, and nobody hears of it.
  @Test(arguments: ["/meters", "/credit-entitlements", "/products"])
  func whatWasMadeUnheardIsFoundAgain(_ path: String) throws {
    try provider.control(
      "faults", #"{"kind":"reset","method":"POST","path":"\#(path)","times":1,"effect":true}"#)
    let run = apply(status: 3)
    #expect(run.errors.contains("it is not known what became of the call to make the"))
    #expect(run.errors.contains("run this again, which looks first"))
    _ = apply()
    #expect(try list("/meters").count == 1)
    #expect(try list("/credit-entitlements").count == 1)
    #expect(try list("/products").count == 4)
  }

  @Test func aLockOfAnotherBusinessIsRefused() throws {
    _ = apply()
    try folder.write(
      try lock().replacing("bus_standin", with: "bus_other"), to: ".provider/test.lock.yaml")
    let run = apply(status: 3)
    #expect(
      run.errors.contains("the lock is of business `bus_other`, and the key of `bus_standin`"))
    let empty = try StandIn()
    let other = CommandRun(
      ["provision", folder.path, "--apply", "--overage-price", "main"],
      environment: empty.environment)
    #expect(other.code == 3)
    #expect(other.errors.contains("the lock is of another business, or somebody deleted it"))
    #expect(try JSONValue(parsing: try empty.ask("GET", "/meters"))["items"]?.items == [])
  }

  @Test func liveModeWantsAWord() throws {
    let live = ["DODO_PAYMENTS_ENVIRONMENT": "live_mode"]
    let mixed = provision(environment: live)
    #expect(mixed.code == 2)
    #expect(mixed.errors.contains("the key is of the test environment"))
    let key = live.merging(["DODO_PAYMENTS_API_KEY": "dodo_live_standin"]) { $1 }
    let run = provision("--apply", environment: key)
    #expect(run.code == 2)
    #expect(run.errors.contains("say `--live` as well"))
    #expect(provision("--live").code == 2)
    let market = try StandIn(["--mode", "live"])
    let said = CommandRun(
      ["provision", folder.path, "--apply", "--live", "--overage-price", "main"],
      environment: key.merging(["DODO_PAYMENTS_BASE_URL": market.address]) { $1 })
    #expect(said.code == 0, "\(said.errors)")
    #expect(try !folder.read(".provider/live.lock.yaml").isEmpty)
    let copied = CommandRun(
      ["provision", folder.path, "--lock", folder.path + "/.provider/live.lock.yaml"],
      environment: provider.environment)
    #expect(copied.code == 3)
    #expect(copied.errors.contains("is of the live environment, and this is the test one"))
  }

  /// A lock is no part of the card.
  @Test func theCardStaysAsItWas() throws {
    func version() throws -> JSONValue? {
      let run = CommandRun(["eval", folder.path, "model=x", "--price", "--format", "json"])
      return try JSONValue(parsing: run.output)["version"]
    }
    let before = try version()
    _ = apply()
    #expect(try version() == before)
    #expect(before != nil)
  }

  @Test func aProductThatTheCardNamesIsTaken() throws {
    _ = apply()
    let id = try id("pro")
    try FileManager.default.removeItem(atPath: folder.path + "/.provider")
    try folder.write(
      Self.card.replacing("pro: {price", with: "gold: {product: \(id), price"), to: "card.yaml")
    #expect(apply().output.contains("= product  gold"))
    #expect(try self.id("gold") == id)
    #expect(try list("/products").count == 4)
    try folder.write(
      Self.card.replacing("pro: {price", with: "gold: {product: \(id), price")
        .replacing("free: {", with: "free: {product: \(id), "), to: "card.yaml")
    try FileManager.default.removeItem(atPath: folder.path + "/.provider")
    #expect(apply(status: 1).output.contains("it is the product of `free` already"))
  }
}
