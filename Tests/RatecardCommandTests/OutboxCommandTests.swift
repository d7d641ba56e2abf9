import Foundation
import RatecardJSON
import RatecardStore
import RatecardValues
import Testing

/// `ratecard outbox` on a store of its own.
struct OutboxCommandTests {
  let folder: TemporaryFolder
  let store: Store

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(
      """
      ratecard: 1
      name: shop
      attributes: {request_type: [chat, agent]}
      models: {gpt-4o: {}, o1: {}}
      costs:
        - {name: chats, when: {request_type: chat, model: gpt-4o}, credits: 2}
      """, to: "card/shop.yaml")
    store = try Store.open("sqlite:\(folder.path)/store.db")
  }

  private func run(_ words: String...) -> CommandRun {
    CommandRun(
      ["outbox"] + words + ["--store", "sqlite:\(folder.path)/store.db"]
        + (words.first == "retry" ? ["--card", "\(folder.path)/card"] : []))
  }

  private func json(_ words: String...) throws -> JSONValue {
    let run = CommandRun(
      ["outbox"] + words
        + ["--format", "json", "--store", "sqlite:\(folder.path)/store.db"])
    #expect(run.code == 0, "\(run.errors)")
    return try JSONValue(parsing: run.output.trimmingCharacters(in: .newlines))
  }

  private func at(_ second: Int64) throws -> Instant {
    try #require(Instant(seconds: 1_795_608_000 + second))
  }

  /// Usage of some customer's, dead where a reason is given.
  private func record(
    _ id: String, _ customer: String = "ada", dead reason: String? = nil
  ) throws {
    let now = try at(0)
    _ = try store.commit([
      .usage(
        UsageEvent(
          id: id, customer: customer, occurredAt: now, recordedAt: now, credits: Number(2),
          rule: "chats", ratecard: "shop", version: "v", attributes: #"{"model":"gpt-4o"}"#,
          fingerprint: [1]))
    ])
    guard let reason else { return }
    let held = try store.claim(limit: 999, owner: "a", now: now, until: try at(60))
    let sequence = try #require(held.first { $0.event.id == id }?.sequence)
    _ = try store.commit([
      .shipment(Shipment(sequence: sequence, owner: "a", result: .dead(reason: reason)))
    ])
  }

  private func letter(_ id: String, _ body: String) throws {
    _ = try store.commit([
      .deadLetter(
        DeadLetter(
          id: id, customer: "ada", body: body, fingerprint: [7], code: "unpriced",
          message: "no rule prices this request", at: try at(5)))
    ])
  }

  private static let unpriced =
    #"{"id":"l1","customer":"ada","request_type":"chat","model":"gpt4o"}"#

  @Test func listsInShort() throws {
    try record("e1")
    try record("e2", "bob", dead: "status 400: no such customer\u{1B}[31m")
    try letter("l1", Self.unpriced)
    let list = run("list")
    #expect(list.code == 0)
    #expect(
      list.output == """
        1 waiting, the oldest since 2026-11-25T12:00:00Z; 1 dead; 1 dead letters
        waiting  -             2026-11-25T12:00:00Z  ada  2  e1
        dead     refused       2026-11-25T12:00:00Z  bob  2  e2  status 400: no such customer\u{FFFD}[31m
        dead     unpriced      2026-11-25T12:00:05Z  ada  -  l1  no rule prices this request

        """)
    #expect(run("list", "--state", "dead", "--customer", "bob").output.contains("e2"))
    #expect(!run("list", "--state", "dead", "--customer", "bob").output.contains("l1"))
    #expect(run("list", "--reason", "unpriced").output.contains("l1"))
    #expect(run("list", "--reason", "unprised").errors.contains("did you mean `unpriced`?"))
  }

  @Test func listsMoreThanAPageAndPageByPage() throws {
    for place in 0..<1_203 { try record("e\(place)") }
    try letter("l1", Self.unpriced)
    let all = try json("list")
    #expect(all["events"]?.items?.count == 1_203)
    #expect(all["letters"]?.items?.count == 1)
    #expect(all["notices"]?.items?.isEmpty == true)
    #expect(all["next"] == .null)
    #expect(all["events"]?.items?.first?["attributes"] == nil)
    var seen: [JSONValue] = []
    var place: String? = "event0"
    while let after = place {
      let page = try json("list", "--limit", "500", "--after", after)
      seen += (page["events"]?.items ?? []) + (page["letters"]?.items ?? [])
      place = page["next"]?.string
    }
    #expect(seen.count == 1_204)
    #expect(Set(seen.compactMap { $0["event_id"]?.string }).count == 1_204)
    #expect(run("list", "--limit", "2").output.hasSuffix("more: --after event2\n"))
  }

  @Test func anEmptyListIsJSONToo() throws {
    let all = try json("list")
    #expect(all["depth"] == 0 && all["events"]?.items == [] && all["letters"]?.items == [])
    #expect(all["notices"]?.items == [] && all["next"] == .null)
  }

  @Test func showsTheWhole() throws {
    try record("e1", dead: "status 400")
    let event = try json("show", "e1")
    #expect(event["state"] == "dead" && event["code"] == "refused" && event["way"] == "meter")
    #expect(event["attributes"] == ["model": "gpt-4o"] && event["rule"] == "chats")
    #expect(run("show", "e1").output.contains("attributes: {\"model\":\"gpt-4o\"}\n"))
    try letter("l1", Self.unpriced)
    #expect(try json("show", "l1")["body"]?.string == Self.unpriced)
    let missing = run("show", "nothing")
    #expect(missing.code == 1 && missing.errors.contains("no event `nothing`"))
  }

  @Test func pricesWhatHadNoPriceAsItWasCorrected() throws {
    try letter("l1", Self.unpriced)
    let vain = run("retry", "l1")
    #expect(vain.code == 1 && vain.errors.contains("l1: "))
    // What leads nowhere changes nothing.
    #expect(run("retry", "l1", "model=o1").code == 1)
    #expect(try json("show", "l1")["body"]?.string == Self.unpriced)
    #expect(run("retry", "l1", "model=gpt-4o").output == "l1: done\n")
    let event = try json("show", "l1")
    #expect(event["credits"] == "2" && event["state"] == "waiting")
    #expect(event["occurred_at"] == "2026-11-25T12:00:05Z", "when it came")
    let correction = try #require(event["corrections"]?.items?.first)
    #expect(correction["from"] == ["model": "gpt4o"] && correction["to"] == ["model": "gpt-4o"])
    #expect(correction["source"] == "command line")
    #expect(try store.customer("ada")?.pending == Number(2))
    // The client, which knows nothing of that, reports it again.
    #expect(try store.usage("l1")?.fingerprint == [7])
    // By a card that is kept like any other that prices usage.
    let version = try #require(event["version"]?.string)
    #expect(try store.card(version)?.name == "shop")
  }

  @Test func anEventIsCorrectedInItsCustomerAlone() throws {
    try record("e1", "adda", dead: "status 400: no such customer")
    #expect(run("retry", "e1", "model=o1").errors.contains("only its `customer`"))
    #expect(run("retry", "e1", "id=e2").code == 1)
    #expect(run("retry", "e1", "customer=ada").output == "e1: done\n")
    let event = try json("show", "e1")
    #expect(event["customer"] == "ada" && event["state"] == "waiting")
    #expect(event["corrections"]?.items?.count == 1)
    #expect(try store.customer("adda")?.pending == .zero)
    #expect(try store.customer("ada")?.pending == Number(2))
    #expect(run("retry", "e1", "customer=bob").errors.contains("is not dead"))
    // What was corrected is still known once it has left the outbox.
    #expect(run("drop", "e1").output == "e1: done\n")
    #expect(try json("show", "e1")["state"] == "dropped")
    #expect(run("drop", "e1").code == 1)
  }

  @Test func triesAgainAllThatIsDead() throws {
    for id in ["e1", "e2"] { try record(id, dead: "status 400") }
    try record("e3", "bob", dead: "status 400")
    try letter("l1", Self.unpriced)
    let run = run("retry", "--all", "--customer", "ada")
    #expect(run.output == "e1: done\ne2: done\n")
    #expect(run.code == 1 && run.errors.contains("l1: "))
    #expect(try json("list", "--state", "dead")["events"]?.items?.count == 1)
  }

  @Test(arguments: [
    ["outbox"], ["outbox", "lst"], ["outbox", "show"], ["outbox", "show", "a", "b"],
    ["outbox", "list", "a"], ["outbox", "retry"], ["outbox", "retry", "--all", "a"],
    ["outbox", "drop", "a", "customer=b"], ["outbox", "retry", "a", "b", "customer=c"],
    ["outbox", "drop", "--all"], ["outbox", "retry", "a", "x=1", "x=2"],
  ])
  func aWrongCommandLineIsRefused(_ words: [String]) {
    let run = CommandRun(words)
    #expect(run.code == 2 && run.output.isEmpty && !run.errors.isEmpty)
  }

  @Test func aStoreThatIsNotThereIsNotMade() throws {
    let path = "\(folder.path)/none.db"
    let run = CommandRun(["outbox", "list", "--store", "sqlite:\(path)"])
    #expect(run.code == 3 && run.errors.contains("no such file"))
    #expect(!FileManager.default.fileExists(atPath: path))
  }
}
