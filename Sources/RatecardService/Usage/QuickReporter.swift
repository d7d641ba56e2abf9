internal import Ratecard
internal import RatecardJSON
internal import RatecardModel
internal import RatecardStore
internal import RatecardValues
internal import RatecardWire

/// Reads and prices reports of usage that are as most are, without making a text of anything but what
/// is kept.
///
/// `UsageRecorder` makes the same of the same report, and has the words for whatever is unusual.
struct QuickReporter: ~Copyable {
  /// Which of the live card's forms it prices by.
  let generation: UInt64
  private let card: RateCard
  private let version: String
  private let ships: Bool
  private var quick: QuickAnswers
  /// All that a report may have, in the order of the names' bytes.
  private let members: [Member]
  /// What the client said, and what was priced, as `Attributes.json` writes them.
  private var said: [UInt8] = []
  private var priced: [UInt8] = []

  /// What a report has under names that are no attributes.
  private enum Other: String, CaseIterable {
    case id, decision, version

    var number: Int { self == .id ? 0 : self == .decision ? 1 : 2 }
  }

  /// A name that a report may have.
  private struct Member {
    let place: Int
    /// What stands before its value, the comma included.
    let start: [UInt8]
    /// Whether it is an attribute.
    let isPriced: Bool
  }

  init(_ card: RateCard, generation: UInt64) {
    self.card = card
    self.generation = generation
    version = card.version
    ships = card.model.meter?.sendsZeroCost ?? false
    let others = Other.allCases.map(\.rawValue)
    quick = QuickAnswers(card, priceOnly: true, others: others)
    let attributes = card.model.attributes.map(\.name)
    members = (attributes + others).enumerated()
      .sorted { ExactText($0.element) < ExactText($1.element) }
      .map { place, name in
        let text = JSONValue.string(name).text()
        return Member(
          place: place, start: Array(",\(text):".utf8), isPriced: place < attributes.count)
      }
  }

  /// What a report of now comes to; nil: it takes a closer look.
  mutating func event(
    _ report: UnsafeBufferPointer<UInt8>, _ customers: CustomerBook, now: Instant
  ) -> UsageEvent? {
    guard quick.read(report), !quick.names(.at), text(.decision) == nil, text(.version) == nil,
      let id = text(.id).flatMap(Names.usable),
      let customer = quick.text(of: .customer).flatMap(Names.usable)
    else { return nil }
    let known: KnownCustomer?
    do { known = try customers.find(customer) } catch { return nil }
    var given = KnownCustomer.Given()
    if let known, !quick.fill(known, of: card, &given) { return nil }
    guard let price = quick.price(at: now) else { return nil }
    write(known, given)
    return UsageEvent(
      id: id, customer: customer, occurredAt: now, recordedAt: now, credits: price.credits,
      rule: price.rule, adjustments: price.adjustments, ratecard: card.name,
      version: version, attributes: String(decoding: priced, as: UTF8.self),
      fingerprint: Secrets.digest(said), ships: ships)
  }

  private func text(_ other: Other) -> UnsafeBufferPointer<UInt8>? {
    quick.text(ofOther: other.number)
  }

  /// Writes `said` and `priced`.
  private mutating func write(_ known: KnownCustomer?, _ given: KnownCustomer.Given) {
    said.removeAll(keepingCapacity: true)
    priced.removeAll(keepingCapacity: true)
    for member in members {
      if let value = quick.value(at: member.place) {
        // What is absent is not said.
        if value.first == UInt8(ascii: "n") { continue }
        let start = said.count
        said += member.start
        Attributes.append(value, to: &said)
        if member.isPriced { priced += said[start...] }
      } else if let known {
        switch AttributeID(member.place) {
        case .plan where given.plan: priced += known.planMember
        case .balance where given.balance: priced += known.balanceMember
        case .currentTier where given.tier: priced += known.tierMember
        default: break
        }
      }
    }
    // Each begins with a comma: both have the customer.
    said[0] = UInt8(ascii: "{")
    priced[0] = UInt8(ascii: "{")
    said.append(UInt8(ascii: "}"))
    priced.append(UInt8(ascii: "}"))
  }
}

extension Names {
  /// The text of bytes that may name something; nil: they may not.
  static func usable(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
    areUsable(bytes) ? String(decoding: bytes, as: UTF8.self) : nil
  }
}
