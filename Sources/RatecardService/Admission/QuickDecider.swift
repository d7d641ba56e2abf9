internal import Ratecard
internal import RatecardModel
internal import RatecardStore
internal import RatecardValues
internal import RatecardWire

/// Decides requests that are as most are, without making a text of anything but the answer.
///
/// One thread uses it; `DecideRoute` answers whatever is unusual in the same words.
final class QuickDecider {
  /// Which of the live card's forms it answers by.
  let generation: UInt64
  private let card: RateCard
  private let version: [UInt8]
  private let key: [UInt8]
  private var quick: QuickAnswers
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
  func answer(_ body: [UInt8], _ customers: CustomerBook, now: Instant) -> Answer? {
    body.withUnsafeBufferPointer { answer($0, customers, now: now) }
  }

  private func answer(
    _ body: UnsafeBufferPointer<UInt8>, _ customers: CustomerBook, now: Instant
  ) -> Answer? {
    guard quick.read(body), !quick.names(.at) else { return nil }
    var added = Added()
    var id: String?
    var customer: Customer?
    if let text = quick.text(of: .customer) {
      let name = String(decoding: text, as: UTF8.self)
      guard Names.areUsable(name) else { return nil }
      do { customer = try customers.find(name) } catch { return nil }
      id = name
      guard fill(customer, &added) else { return nil }
    }
    guard let ready = quick.answer(at: now), ready.isPriced else { return nil }
    var change: TierChange?
    if let id, !quick.names(.currentTier), let rule = ready.verdict.tierRule {
      let tier = card.model.tiers[Int(rule.place)]
      if customer?.tier.map(ExactText.init) != tier.outcome {
        change = TierChange(
          customer: id, from: customer?.tier, to: tier.outcome.string,
          cause: "rule \(tier.name)", at: now)
      }
    }
    return Answer(body: write(ready, body, added, at: now), change: change)
  }

  /// What the store adds to a request, as members of a JSON object.
  private struct Added {
    var json: [UInt8] = []

    mutating func add(_ name: StaticString, _ value: (inout [UInt8]) -> Void) {
      json.append(
        contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
      value(&json)
    }
  }

  /// Gives the request what is known of the customer, as `CustomerBook.fill` does; false: it cannot
  /// have it.
  private func fill(_ customer: Customer?, _ added: inout Added) -> Bool {
    guard let customer else { return true }
    if !quick.names(.plan), let plan = customer.plan?.value {
      guard Self.isPlain(plan), quick.set(.plan, .text(plan)) else { return false }
      added.add(#","plan":""#) { $0 += plan.utf8 + [UInt8(ascii: "\"")] }
    }
    if !quick.names(.balance), let balance = customer.available {
      guard quick.set(.balance, .number(balance)) else { return false }
      added.add(#","balance":"#) { balance.write(to: &$0) }
    }
    if !quick.names(.currentTier), let tier = customer.tier,
      card.model.tierNames.contains(ExactText(tier))
    {
      guard Self.isPlain(tier), quick.set(.currentTier, .text(tier)) else { return false }
      added.add(#","current_tier":""#) { $0 += tier.utf8 + [UInt8(ascii: "\"")] }
    }
    return true
  }

  /// Whether a text stands in JSON as it is.
  private static func isPlain(_ text: String) -> Bool {
    text.utf8.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
  }

  /// Writes the whole answer.
  private func write(
    _ ready: QuickAnswers.Ready, _ body: UnsafeBufferPointer<UInt8>, _ added: Added, at now: Instant
  ) -> [UInt8] {
    seal(body, added.json, at: now)
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
  private func seal(_ body: UnsafeBufferPointer<UInt8>, _ added: [UInt8], at now: Instant) {
    sealed.removeAll(keepingCapacity: true)
    sealed += version
    Admission.append(now, to: &sealed)
    var end = body.count
    while end > 0, body[end - 1] != UInt8(ascii: "}") { end -= 1 }
    sealed += UnsafeBufferPointer(rebasing: body[..<max(0, end - 1)])
    // What is added begins with a comma, and the customer stands before it.
    sealed += added
    sealed.append(UInt8(ascii: "}"))
    sealed += Secrets.seal(sealed, key: key)
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
