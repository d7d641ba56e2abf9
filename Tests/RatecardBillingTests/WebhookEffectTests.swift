import Ratecard
import RatecardBilling
import RatecardJSON
import RatecardStore
import RatecardTestSupport
import RatecardValues
import Synchronization
import Testing

/// The same messages end the same, in whatever order and however often they come.
struct WebhookEffectTests {
  static let keys = WebhookKeys(key: Array("key".utf8))

  /// What is compared: everything that later decisions depend on.
  struct State: Hashable {
    var plan: String?
    var tier: String?
    var balance: Number?
    var pending: Number
  }

  let scene: Scene
  let receiver: WebhookReceiver

  init() throws {
    let scene = try Scene()
    self.scene = scene
    let store = scene.store
    receiver = WebhookReceiver(reader: DodoWebhooks(Self.keys), store: store) {
      changes throws(StoreFailure) in try store.commit(changes)
    }
  }

  @discardableResult
  func deliver(
    _ message: Message, _ id: String, to customer: String
  ) throws -> WebhookReceiver.Receipt {
    try receiver.receive(
      message.webhook("\(customer)_\(id)", to: customer), card: Scene.card, now: .noon)
  }

  func state(of customer: String) throws -> State {
    let customer = try #require(try scene.store.customer(customer))
    return State(
      plan: customer.plan?.value, tier: customer.tier, balance: customer.balance?.value ?? nil,
      pending: customer.pending)
  }

  /// Whom the provider registered for us is found by what its object bears, and from then on by its
  /// id alone.
  @Test func aRegisteredCustomerIsFound() throws {
    var active = Message.subscription("active", 1, "active", "prod_pro", balance: 500)
    active = Message(
      type: active.type, at: active.at,
      data: .object((active.data.members ?? []) + [.init("metadata", ["ratecard_customer": "ada"])])
    )
    try deliver(active, "1", to: "cus_9")
    try deliver(.low(2, 45), "2", to: "cus_9")
    #expect(try state(of: "ada") == State(plan: "pro", tier: "slow", balance: 45, pending: 0))
    #expect(try scene.store.customer("cus_9") == nil)
    // The mark of somebody who is known by another id changes nobody.
    try deliver(active, "3", to: "cus_10")
    #expect(try scene.store.customer("cus_10")?.plan?.value == "pro")
    #expect(try scene.store.customer(providerID: "cus_9") == "ada")
  }

  /// What was made for a plan is that plan, and so is the product that the card names.
  @Test func aProvisionedProductIsItsPlan() throws {
    let store = scene.store
    var lock = ProviderLock(environment: .test)
    lock.set(product: "pdt_1", of: "pro")
    let receiver = WebhookReceiver(
      reader: DodoWebhooks(Self.keys), store: store, lock: { [lock] in lock }
    ) { changes throws(StoreFailure) in try store.commit(changes) }
    for (customer, product) in [("a", "pdt_1"), ("b", "prod_pro"), ("c", "pdt_2")] {
      let message = Message.subscription("active", 1, "active", product)
      _ = try receiver.receive(
        message.webhook(customer, to: customer), card: Scene.card, now: .noon)
    }
    #expect(try store.customer("a")?.plan?.value == "pro")
    #expect(try store.customer("b")?.plan?.value == "pro")
    #expect(try store.customer("c")?.plan == nil)
  }

  struct History: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let messages: [Message]
    let end: State
    /// Of which orders each is tried: of one history all of them, since each takes its time.
    var stride = 6
  }

  static let histories = [
    History(
      testDescription: "a renewal in the end",
      messages: [
        .subscription("active", 1, "active", "prod_pro", balance: 0),
        .credit("added", 2, 500, after: 500), .credit("deducted", 3, 455, after: 45),
        .low(4, 45), .credit("added", 5, 500, after: 545),
        .subscription("renewed", 6, "active", "prod_pro", balance: 545),
      ], end: State(plan: "pro", tier: "premium", balance: 545, pending: 0), stride: 1),
    History(
      testDescription: "a top-up in the end",
      messages: [
        .subscription("active", 1, "active", "prod_pro"), .credit("added", 2, 500, after: 500),
        .credit("deducted", 3, 440, after: 60), .credit("deducted", 4, 15, after: 45),
        .low(4, 45), .credit("added", 5, 500, after: 545),
      ], end: State(plan: "pro", tier: "premium", balance: 545, pending: 0)),
    History(
      testDescription: "low in the end",
      messages: [
        .subscription("active", 1, "active", "prod_pro"), .credit("added", 2, 500, after: 500),
        .low(3, 45), .credit("added", 4, 500, after: 545),
        .credit("deducted", 5, 455, after: 40), .low(5, 40),
      ], end: State(plan: "pro", tier: "slow", balance: 40, pending: 0)),
    History(
      testDescription: "several subscriptions",
      messages: [
        .subscription("active", 1, "active", "prod_hobby", id: "sub_a"),
        .subscription("active", 2, "active", "prod_pro", id: "sub_b"),
        .subscription("cancelled", 3, "cancelled", "prod_hobby", id: "sub_a"),
        .subscription("failed", 4, "failed", "prod_hobby", id: "sub_c"),
        .subscription("on_hold", 5, "on_hold", "prod_pro", id: "sub_b"),
        // Late, with the state it has by then.
        .subscription("active", 6, "on_hold", "prod_pro", id: "sub_b"),
      ], end: State(plan: "pro", tier: "slow", balance: nil, pending: 455)),
  ]

  @Test(arguments: histories)
  func ordersAndDuplicatesMeanNothing(_ history: History) throws {
    var orders = 0
    try permutations(Array(history.messages.indices)) { order in
      orders += 1
      guard orders % history.stride == 0 else { return }
      let customer = "cus_\(orders)"
      _ = try scene.store.commit([
        .usage(Scene.usage("use_\(orders)", by: customer, at: .noon, credits: 455))
      ])
      for (turn, index) in order.enumerated() {
        try deliver(history.messages[index], "\(index)", to: customer)
        // Something that came before comes once more, somewhere.
        guard turn == orders / history.stride % order.count else { continue }
        let again = order[orders / 7 % (turn + 1)]
        #expect(
          try deliver(history.messages[again], "\(again)", to: customer)
            == .repeated(type: effective(history.messages[again])))
      }
      let state = try state(of: customer)
      #expect(state == history.end, "\(order)")
    }
    #expect(orders == 720)
  }

  private func effective(_ message: Message) -> String {
    message.data["status"]?.string == "on_hold" ? "subscription.on_hold" : message.type
  }

  private func permutations(_ items: [Int], _ body: ([Int]) throws -> Void) rethrows {
    func choose(_ chosen: [Int], _ rest: [Int]) throws {
      if rest.isEmpty { return try body(chosen) }
      for place in rest.indices {
        var others = rest
        let item = others.remove(at: place)
        try choose(chosen + [item], others)
      }
    }
    try choose([], items)
  }

  @Test func aStaleWarningTellsNobody() throws {
    try deliver(.subscription("active", 1, "active", "prod_pro"), "1", to: "c")
    try deliver(.credit("added", 5, 500, after: 545), "2", to: "c")
    try deliver(.low(4, 45), "3", to: "c")
    #expect(try state(of: "c").tier != "slow")
    #expect(try scene.store.notices(of: "c").isEmpty)
  }

  @Test func tellsOnceForEachTimeTheBalanceIsLow() throws {
    let history: [Message] = [
      .subscription("active", 1, "active", "prod_pro"), .credit("added", 2, 500, after: 500),
      .low(3, 45), .low(4, 44), .credit("added", 5, 500, after: 544), .low(6, 45), .low(7, 40),
    ]
    for (id, message) in history.enumerated() { try deliver(message, "\(id)", to: "c") }
    #expect(
      try scene.store.notices(of: "c").map(\.value.text) == [
        "You have used most of it.", "You are back.", "You have used most of it.",
      ])
  }

  @Test func keepsATierThatSomeoneElseGave() throws {
    try deliver(.subscription("active", 1, "active", "prod_pro"), "1", to: "c")
    try deliver(.low(3, 45), "2", to: "c")
    _ = try scene.store.commit([
      .customer(CustomerChange(id: "c", tier: "premium", cause: "operator", at: .noon))
    ])
    try deliver(.credit("expired", 4, 5, after: 40), "3", to: "c")
    #expect(try state(of: "c").tier == "premium")
    try deliver(.low(2, 46), "4", to: "c")
    #expect(try state(of: "c").tier == "premium")
    try deliver(.low(5, 30), "5", to: "c")
    #expect(try state(of: "c").tier == "slow")
  }

  @Test func forgetsTheOldest() throws {
    try deliver(.subscription("active", 1, "active", "prod_pro"), "s", to: "c")
    for turn in 0..<200 {
      try deliver(.credit("added", Double(10 + turn), 1, after: 100 + turn), "\(turn)", to: "c")
    }
    try deliver(.low(9, 45), "low", to: "c")
    #expect(try state(of: "c") == State(plan: "pro", tier: nil, balance: 299, pending: 0))
    try deliver(.low(500, 45), "new", to: "c")
    #expect(try state(of: "c") == State(plan: "pro", tier: "slow", balance: 45, pending: 0))
    #expect(try #require(try scene.store.trail(of: "c")).utf8.count < 20_000)
  }

  @Test func twoReceiversMoveOneCustomerTogether() throws {
    // Each reads before the other commits: what was worked out is worked out once more.
    let store = scene.store
    let message = Message.low(4, 45)
    let isFirst = Mutex(true)
    let inner = receiver
    let outer = WebhookReceiver(reader: DodoWebhooks(Self.keys), store: store) {
      changes throws(StoreFailure) in
      if isFirst.withLock({ flag in
        defer { flag = false }
        return flag
      }) {
        _ = try inner.receive(
          Message.credit("added", 5, 500, after: 545).webhook("other", to: "c"), card: Scene.card,
          now: .noon)
      }
      return try store.commit(changes)
    }
    try deliver(.subscription("active", 1, "active", "prod_pro"), "1", to: "c")
    let receipt = try outer.receive(message.webhook("low", to: "c"), card: Scene.card, now: .noon)
    #expect(receipt == .applied(type: "credit.balance_low", problem: nil))
    #expect(try state(of: "c").tier == "premium")
  }

  @Test(arguments: [
    ("not json", "it is no JSON"), (#"{"timestamp":"x"}"#, "`type`"),
    (#"{"type":"credit.added","timestamp":"yesterday","data":{}}"#, "`timestamp`"),
    (#"{"type":"credit.added","timestamp":"2026-11-23T10:00:00Z"}"#, "`data`"),
    (#"{"type":"credit.added","timestamp":"2026-11-23T10:00:00Z","data":{}}"#, "no customer"),
    (
      #"{"type":"credit.added","timestamp":"2026-11-23T10:00:00Z","data":{"customer_id":"c"}}"#,
      "`balance_after`"
    ),
    (
      #"{"type":"credit.added","timestamp":"2026-11-23T10:00:00Z","#
        + #""data":{"customer_id":"c","balance_after":"1e30"}}"#, "`balance_after`"
    ),
    (
      #"{"type":"credit.added","timestamp":"3026-11-23T10:00:00Z","#
        + #""data":{"customer_id":"c","balance_after":"1"}}"#, "`timestamp`"
    ),
    (
      #"{"type":"subscription.active","timestamp":"2026-11-23T10:00:00Z","#
        + #""data":{"customer":{"customer_id":"c"},"status":"active","product_id":""}}"#,
      "no subscription"
    ),
  ])
  func keepsWhatMakesNoSense(_ body: String, _ reason: String) throws {
    let webhook = Self.keys.signed(id: "msg_1", body: Array(body.utf8), at: .noon)
    let receipt = try receiver.receive(webhook, card: Scene.card, now: .noon)
    guard case .kept(let text) = receipt else {
      Issue.record("\(receipt)")
      return
    }
    #expect(text.contains(reason))
    let entries = try scene.store.outboxPage(
      .init(state: .dead, code: "senseless_webhook"), limit: 9
    ).entries
    #expect(entries.map(\.id) == ["webhook:msg_1"])
    #expect(try scene.store.deadLetter("webhook:msg_1")?.body == body)
  }

  @Test func noUsageKeepsAWebhookFromBeingKept() throws {
    _ = try scene.store.commit([.usage(Scene.usage("webhook:msg_1", at: .noon))])
    let webhook = Self.keys.signed(id: "msg_1", body: Array("{".utf8), at: .noon)
    for _ in 0..<2 { _ = try receiver.receive(webhook, card: Scene.card, now: .noon) }
    #expect(try scene.store.outboxSummary().deadLetters == 1)
  }

  @Test func whatIsKeptCanBeTakenInOnceItMakesSense() throws {
    // As if a program that does not know this amount had kept it.
    let message = Message.credit("added", 5, 500, after: 545)
    let webhook = message.webhook("msg_7", to: "c")
    let letter = DeadLetter(
      id: "webhook:msg_7", customer: "", body: String(decoding: webhook.body, as: UTF8.self),
      fingerprint: [1], code: "senseless_webhook", message: "why", at: .noon)
    _ = try scene.store.commit([.deadLetter(letter)])
    let receipt = try receiver.receiveAgain(letter, card: Scene.card, now: .noon)
    #expect(receipt == .applied(type: "credit.added", problem: nil))
    #expect(try state(of: "c").balance == 545)
    #expect(try scene.store.outboxSummary().deadLetters == 0)
    // The provider, which sends it again, has it counted once.
    #expect(
      try receiver.receive(webhook, card: Scene.card, now: .noon)
        == .repeated(type: "credit.added"))
  }

  @Test func anAmountOfMoreDecimalsThanAreKeptIsCut() throws {
    let message = Message(
      type: "credit.deducted", at: 1,
      data: [
        "id": "cle_1", "amount": "0.3333333333333333333333333333",
        "balance_after": "99.6666666666666666666666666667",
      ])
    #expect(
      try deliver(message, "1", to: "c") == .applied(type: "credit.deducted", problem: nil))
    let balance = try #require(try state(of: "c").balance)
    #expect(balance.description == "99.666666666666666666")
  }

  @Test(arguments: [
    "credit.added", "credit.deducted", "credit.expired", "credit.rolled_over",
    "credit.rollover_forfeited", "credit.overage_charged", "credit.overage_reset",
    "credit.manual_adjustment",
  ])
  func everyCreditEventTellsTheBalanceAsTextOrNumber(_ type: String) throws {
    for (id, balance) in [("text", JSONValue.string("12.5")), ("number", .number("12.5"))] {
      let message = Message(
        type: type, at: 1, data: ["id": .string(id), "amount": balance, "balance_after": balance])
      #expect(try deliver(message, "\(type) \(id)", to: id) == .applied(type: type, problem: nil))
      #expect(try state(of: id).balance?.description == "12.5")
    }
  }

  @Test(arguments: [
    "active", "renewed", "on_hold", "past_due", "paused", "unpaused", "cancelled", "failed",
    "expired", "plan_changed", "updated", "update_payment_method",
  ])
  func everySubscriptionEventGoesByTheState(_ name: String) throws {
    let keeps = ["active", "past_due", "on_hold", "paused"]
    for status in ["active", "past_due", "on_hold", "paused", "cancelled", "failed", "expired"] {
      let message = Message.subscription(name, 1, status, "prod_pro", balance: 7)
      let customer = "\(name) \(status)"
      guard case .applied(let type, nil) = try deliver(message, "1", to: customer) else {
        Issue.record("\(customer) is not applied")
        continue
      }
      #expect(type == "subscription.\(name)" || type == "subscription.\(status)")
      let state = try state(of: customer)
      #expect(state.plan == (keeps.contains(status) ? "pro" : nil), "\(customer)")
      #expect(state.balance == 7)
    }
  }

  @Test func aNoticeIsPostedOnceForACauseUnderOneName() throws {
    let store = scene.store
    let poster = WebhookReceiver(
      reader: DodoWebhooks(Self.keys), store: store, postsNotices: true
    ) { changes throws(StoreFailure) in try store.commit(changes) }
    let message = Message.low(4, 45)
    // The same content under two ids, and each of them twice.
    for id in ["a", "b", "a", "b"] {
      _ = try poster.receive(message.webhook(id, to: "c"), card: Scene.card, now: .noon)
    }
    let entries = try store.outboxPage(limit: 9).entries
    #expect(entries.map(\.kind) == [.notice] && entries[0].id.hasPrefix("notice_"))
    #expect(try store.posting(entries[0].id)?.notice.text == "You have used most of it.")
  }

  @Test func passesOverWhatItDoesNotKnow() throws {
    for type in ["payment.succeeded", "credit.frobbed", "subscription.trial_ending"] {
      let message = Message(type: type, at: 1, data: ["id": "x"])
      #expect(try deliver(message, type, to: "c") == .ignored(type: type))
    }
    let message = Message.subscription("updated", 1, "hibernating", "prod_pro")
    #expect(try deliver(message, "h", to: "c") == .ignored(type: "subscription.updated"))
    #expect(try scene.store.customer("c") == nil)
    var forged = Message.low(1, 45).webhook("x", to: "c")
    forged.body.append(32)
    #expect(try receiver.receive(forged, card: Scene.card, now: .noon) == .forged)
  }
}
