import RatecardBilling
import RatecardJSON
import RatecardStore
import RatecardTestSupport
import RatecardValues
import Testing

/// Every notice is taken once, or is given up after days, whatever the receiver does.
struct NoticePosterTests {
  /// A receiver behind a transport, which verifies and remembers; its clock is the test's.
  final class Receiver {
    enum Mood: CaseIterable {
      case fine, unreachable, busy, broken, refusing, elsewhere, silentBefore, silentAfter
    }

    var now = Instant.noon
    var mood: (HTTPRequest) -> Mood = { _ in .fine }
    /// Every notice that it took, in order, once for each name.
    private(set) var taken: [JSONValue] = []
    private(set) var names: [String] = []
    private(set) var attempts = 0
    private(set) var forged = 0
    private let keys: WebhookKeys

    init(_ keys: WebhookKeys) { self.keys = keys }

    func send(_ request: HTTPRequest) throws(TransportFailure) -> HTTPResponse {
      attempts += 1
      let mood = mood(request)
      now = now.plus(0.02)
      switch mood {
      case .fine:
        take(request)
        return HTTPResponse(204)
      case .unreachable: throw TransportFailure(.neverSent, "could not connect to server")
      case .busy: return HTTPResponse(429, headers: ["retry-after": "30"])
      case .broken: return HTTPResponse(502)
      case .refusing: return HTTPResponse(400)
      case .elsewhere: return HTTPResponse(302, headers: ["location": "http://elsewhere/"])
      case .silentBefore:
        now = now.plus(9.9)
        throw TransportFailure(.unknown, "no whole answer in time")
      case .silentAfter:
        take(request)
        now = now.plus(9.9)
        throw TransportFailure(.unknown, "no whole answer in time")
      }
    }

    private func take(_ request: HTTPRequest) {
      let headers = Dictionary(
        uniqueKeysWithValues: request.headers.map { ($0.name.lowercased(), $0.value) })
      let webhook = Webhook(
        id: headers["webhook-id"] ?? "", timestamp: headers["webhook-timestamp"] ?? "",
        signature: headers["webhook-signature"] ?? "", body: request.body ?? [])
      guard request.url == "https://receiver/notices", request.method == .post,
        keys.verify(webhook, now: now), let json = try? JSONValue(parsing: webhook.body)
      else {
        forged += 1
        return
      }
      // A receiver has to remember names: an answer may get lost.
      if names.contains(webhook.id) {
        #expect(taken.contains(json), "it is the same to the byte")
      } else {
        names.append(webhook.id)
        taken.append(json)
      }
    }
  }

  let scene: Scene
  let keys: WebhookKeys
  let receiver: Receiver

  init() throws {
    scene = try Scene()
    keys = try #require(WebhookKeys("whsec_bm90aWNlcw=="))
    receiver = Receiver(keys)
  }

  func poster(owner: String = "a", seed: UInt64 = 1) -> NoticePoster {
    let receiver = receiver
    var random = SplitMix(seed: seed)
    return NoticePoster(
      store: scene.store, keys: keys,
      options: .init(url: "https://receiver/notices", owner: owner), now: { receiver.now },
      random: { Int64.random(in: $0, using: &random) },
      transport: { request throws(TransportFailure) in try receiver.send(request) })
  }

  func leave(_ count: Int, from start: Int = 0) throws {
    _ = try scene.store.commit(
      (start..<(start + count)).map {
        .notice(
          Notice(
            customer: "cus_\($0)", text: "You have used most of it.",
            cause: "credit.balance_low \($0)", at: receiver.now, postedAs: "notice_\($0)"))
      })
  }

  /// Steps until nothing waits, the clock going on as the poster asks.
  func post(_ poster: NoticePoster, until end: Instant) throws {
    while receiver.now < end {
      let report = try poster.step()
      receiver.now = max(receiver.now, report.next)
      if try scene.store.outboxSummary().notices == 0 { return }
    }
  }

  @Test func writesWhatIsDescribed() throws {
    try leave(1)
    #expect(try poster().step().posted == 1)
    #expect(
      receiver.taken == [
        [
          "type": "customer.notice", "timestamp": .string(Instant.noon.description),
          "data": [
            "customer": "cus_0", "text": "You have used most of it.",
            "event": "credit.balance_low", "cause": "credit.balance_low 0",
          ],
        ]
      ])
    #expect(receiver.names == ["notice_0"])
    #expect(try scene.store.outboxPage(limit: 9).entries.isEmpty)
    // The customer still has it.
    #expect(try scene.store.notices(of: "cus_0").count == 1)
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func everyNoticeComesOnceThroughADayOfTroubleWithTwoPosters(_ seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    let end = Instant.noon.plus(86_400)
    receiver.mood = { [receiver] _ in
      receiver.now > end ? .fine : Receiver.Mood.allCases.randomElement(using: &random)!
    }
    let posters = [poster(owner: "a", seed: seed), poster(owner: "b", seed: seed + 9)]
    var due = [Instant.noon, Instant.noon]
    var count = 0
    var turns = 0
    while receiver.now < end.plus(7_200) {
      if count < 60, receiver.now > Instant.noon.plus(Double(count) * 600) {
        try leave(3, from: count)
        count += 3
      }
      let place = due[0] <= due[1] ? 0 : 1
      receiver.now = max(receiver.now, due[place])
      due[place] = try posters[place].step().next
      turns += 1
      #expect(turns < 1_000_000)
      if count == 60, try scene.store.outboxSummary().notices == 0 { break }
    }
    #expect(receiver.forged == 0)
    #expect(Set(receiver.names) == Set((0..<60).map { "notice_\($0)" }))
    #expect(receiver.taken.count == 60)
    let summary = try scene.store.outboxSummary()
    #expect(summary.notices == 0 && summary.deadNotices == 0)
  }

  @Test(arguments: [
    Receiver.Mood.unreachable, .busy, .broken, .refusing, .elsewhere, .silentBefore,
  ])
  func givesUpAfterThreeDaysAndCanBeToldToTryAgain(_ mood: Receiver.Mood) throws {
    try leave(2)
    receiver.mood = { _ in mood }
    let poster = poster()
    try post(poster, until: Instant.noon.plus(2.9 * 86_400))
    #expect(try scene.store.outboxSummary().notices == 2, "not before")
    try post(poster, until: Instant.noon.plus(4 * 86_400))
    #expect(receiver.taken.isEmpty)
    // Neither once a second nor hardly ever.
    #expect((40...4_000).contains(receiver.attempts), "\(receiver.attempts)")
    let entries = try scene.store.outboxPage(.init(code: "undelivered"), limit: 9).entries
    #expect(entries.map(\.id) == ["notice_0", "notice_1"])
    #expect(entries.allSatisfy { $0.due == nil && $0.reason?.isEmpty == false })
    receiver.mood = { _ in .fine }
    _ = try scene.store.commit([.retry(id: "notice_1", at: receiver.now)])
    try post(poster, until: receiver.now.plus(4_000))
    #expect(receiver.names == ["notice_1"])
  }

  @Test func oneThatIsNotTakenHoldsUpNoOther() throws {
    try leave(30)
    receiver.mood = { request in
      String(decoding: request.body ?? [], as: UTF8.self).contains("cus_3\"") ? .refusing : .fine
    }
    let poster = poster()
    _ = try poster.step()
    _ = try poster.step()
    #expect(receiver.taken.count == 29)
  }

  @Test func whatAFailureLeavesForLaterWasNotTried() throws {
    try leave(3)
    receiver.mood = { _ in .unreachable }
    let report = try poster().step()
    #expect(report.postponed == 3 && receiver.attempts == 1)
    #expect(try scene.store.outboxPage(limit: 9).entries.map(\.attempts) == [1, 0, 0])
  }

  @Test func oneWhoAsksToBeLeftAloneIs() throws {
    try leave(1)
    receiver.mood = { _ in .busy }
    let report = try poster().step()
    #expect(report.next >= Instant.noon.plus(30) && report.next <= Instant.noon.plus(32))
    #expect(report.failure == "status 429")
  }

  @Test func aPosterThatIsKilledLeavesItToTheNext() throws {
    try leave(1)
    _ = try scene.store.claimPostings(
      limit: 9, owner: "killed", now: receiver.now, until: receiver.now.plus(120))
    #expect(try poster().step().posted == 0)
    receiver.now = receiver.now.plus(121)
    #expect(try poster().step().posted == 1)
  }
}
