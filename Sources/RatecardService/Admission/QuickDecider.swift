internal import Ratecard
internal import RatecardBilling
internal import RatecardModel
internal import RatecardStore
internal import RatecardValues
internal import RatecardWire

/// Decides requests that are as most are, without making a text of anything but the answer.
///
/// `DecideRoute` answers whatever is unusual in the same words.
struct QuickDecider: ~Copyable {
  /// Which of the live card's forms it answers by.
  let generation: UInt64
  private let card: RateCard
  private let version: [UInt8]
  private let key: [UInt8]
  private var quick: QuickAnswers
  /// What the store adds to the request at hand, as members of its object.
  private var added: [UInt8] = []
  private var clock = SecondsText()
  /// What the id of the decision at hand carries.
  private var sealed: [UInt8] = []

  init(_ card: RateCard, generation: UInt64, key: [UInt8]) {
    self.card = card
    self.generation = generation
    self.key = key
    var version: [UInt8] = []
    Hexadecimal.append(card.version, to: &version)
    self.version = version
    quick = QuickAnswers(card, priceOnly: false)
  }

  /// An answer, and the move of a customer that must be stored before it is sent.
  struct Answer {
    let body: [UInt8]
    let change: TierChange?
  }

  /// The answer to a request; nil: it takes a closer look.
  mutating func answer(
    _ body: borrowing [UInt8], _ customers: CustomerBook, now: Instant
  ) -> Answer? {
    body.withUnsafeBufferPointer { answer($0, customers, now: now) }
  }

  private mutating func answer(
    _ body: UnsafeBufferPointer<UInt8>, _ customers: CustomerBook, now: Instant
  ) -> Answer? {
    guard quick.read(body), !quick.names(.at) else { return nil }
    added.removeAll(keepingCapacity: true)
    var id: String?
    var known: KnownCustomer?
    if let text = quick.text(of: .customer) {
      let name = String(decoding: text, as: UTF8.self)
      guard Names.areUsable(name) else { return nil }
      do { known = try customers.find(name) } catch { return nil }
      id = name
      if let known {
        var given = KnownCustomer.Given()
        guard quick.fill(known, of: card, &given) else { return nil }
        if given.plan { added += known.planMember }
        if given.balance { added += known.balanceMember }
        if given.tier { added += known.tierMember }
      }
    }
    guard let ready = quick.answer(at: now), ready.isPriced else { return nil }
    var change: TierChange?
    if let id, !quick.names(.currentTier), let rule = ready.verdict.tierRule {
      let tier = card.model.tiers[Int(rule.place)]
      if known?.customer.tier.map(ExactText.init) != tier.outcome {
        change = TierChange(
          customer: id, from: known?.customer.tier, to: tier.outcome.string,
          cause: "rule \(tier.name)", at: now)
      }
    }
    return Answer(body: write(ready, body, at: now), change: change)
  }

  /// Writes the whole answer.
  private mutating func write(
    _ ready: QuickAnswers.Ready, _ body: UnsafeBufferPointer<UInt8>, at now: Instant
  ) -> [UInt8] {
    seal(body, at: now)
    let seconds = clock.seconds(of: now)
    let limit = ready.limit + Base64.length(sealed.count) + 80
    return [UInt8](unsafeUninitializedCapacity: limit) { text, count in
      // SAFETY: `limit` has room for the answer and the two members behind it, which take less than
      // 80 bytes beside the id.
      guard let start = text.baseAddress else { return }
      var end = start + quick.write(ready, to: start)
      func add(_ text: StaticString) {
        end.update(from: text.utf8Start, count: text.utf8CodeUnitCount)
        end += text.utf8CodeUnitCount
      }
      add(#","at":""#)
      for byte in seconds {
        end.pointee = byte
        end += 1
      }
      end += SecondsText.writeFraction(of: now, to: end)
      add(#"Z","decision":"dec_"#)
      Base64.write(sealed, to: end)
      end += Base64.length(sealed.count)
      add(#""}"#)
      count = end - start
    }
  }

  /// Puts together what the decision's id carries, as `Admission.id` does.
  private mutating func seal(_ body: UnsafeBufferPointer<UInt8>, at now: Instant) {
    sealed.removeAll(keepingCapacity: true)
    sealed += version
    Admission.append(now, to: &sealed)
    var end = body.count
    while end > 0, body[end - 1] != UInt8(ascii: "}") { end -= 1 }
    sealed += UnsafeBufferPointer(rebasing: body[..<max(0, end - 1)])
    // What is added begins with a comma, and the customer stands before it.
    sealed += added
    sealed.append(UInt8(ascii: "}"))
    Secrets.appendSeal(to: &sealed, key: key)
  }
}

extension QuickAnswers {
  /// Gives the request at hand what is known of its customer, as `CustomerBook.fill` does; false: that
  /// takes a closer look.
  mutating func fill(
    _ known: KnownCustomer, of card: RateCard, _ given: inout KnownCustomer.Given
  ) -> Bool {
    if !names(.plan), let plan = known.plan {
      guard set(.plan, utf8: plan) else { return false }
      given.plan = true
    }
    if !names(.balance), let balance = known.available {
      guard set(.balance, .number(balance)) else { return false }
      given.balance = true
    }
    if !names(.currentTier), let tier = known.tier {
      given.tier = set(.currentTier, utf8: tier)
      if !given.tier, let tier = known.customer.tier,
        card.model.tierNames.contains(ExactText(tier))
      {
        return false
      }
    }
    return true
  }
}

/// The text of the present second, which many answers share.
struct SecondsText {
  private var second: Int64 = -1
  private var text: [UInt8] = []

  /// An instant's text up to its seconds, without a zone.
  mutating func seconds(of instant: Instant) -> [UInt8] {
    let second = instant.seconds
    if second != self.second {
      self.second = second
      text = Array((Instant(seconds: second)?.description ?? "").utf8.dropLast())
    }
    return text
  }

  /// Writes the rest as `Instant.description` does, a point and digits or nothing, and says how many
  /// bytes that are.
  static func writeFraction(of instant: Instant, to text: UnsafeMutablePointer<UInt8>) -> Int {
    var rest = UInt32(truncatingIfNeeded: instant.nanoseconds % 1_000_000_000)
    guard rest > 0 else { return 0 }
    var count = 9
    while rest % 10 == 0 {
      rest /= 10
      count -= 1
    }
    text[0] = UInt8(ascii: ".")
    for place in stride(from: count, to: 0, by: -1) {
      text[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
    return count + 1
  }
}
