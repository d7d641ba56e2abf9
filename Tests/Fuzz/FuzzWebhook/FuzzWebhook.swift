import Ratecard
import RatecardBilling
import RatecardDiagnostics
import RatecardValues

@testable import RatecardStore

/// A card with a rule for every kind of event, which looks at what events carry.
private let card: RateCard = {
  let text = """
    ratecard: 1
    name: fuzz
    models: {mini: {}}
    costs: [credits: 1]
    tiers:
      - tier: premium
      - {name: low, tier: slow, when: {current_tier: slow, balance_percent: {below: 20}}}
    events:
      - {on: credit.balance_low, tier: slow, notify: Nearly used up.}
      - {name: few, on: credit.deducted, when: {balance: {below: 10}}, notify: Few are left.}
      - {name: up, on: credit.added, when: {balance_percent: {at_least: 20}}, tier: premium}
      - {on: subscription.renewed, tier: premium, notify: Welcome back.}
      - {on: subscription.on_hold, tier: slow}
    plans:
      hobby: {product: prod_hobby, credits: 50}
      pro: {product: prod_pro, credits: 500}
    """
  let result = RateCard.load(files: [SourceFile(path: "fuzz.yaml", bytes: Array(text.utf8))])
  guard let card = result.card else {
    preconditionFailure("the card loads: \(result.report.diagnostics.map(\.message))")
  }
  return card
}()

private let keys = WebhookKeys(key: Array("fuzz".utf8))
private let readers = [DodoWebhooks(keys), DodoWebhooks(keys, entitlement: "cde_1")]

/// Takes any bytes for a webhook's body, and for its headers: nothing may crash, nothing passes
/// that was not signed, what it does can be stored, and doing it again does nothing.
@c(LLVMFuzzerTestOneInput)
public func takeAnything(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // SAFETY: libFuzzer gives `count` bytes that stay valid during the call; they are copied first.
  let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
  guard let now = Instant(seconds: 1_800_000_000) else { return 0 }
  check(signaturesOf: bytes, now)
  let webhook = keys.signed(id: "msg_1", body: bytes, at: now)
  for reader in readers {
    switch reader.read(webhook) {
    case .ignored: break
    case .senseless(let reason): precondition(!reason.isEmpty, "a reason says something")
    case .message(let message): check(message, now)
    }
  }
  return 0
}

private func check(signaturesOf bytes: [UInt8], _ now: Instant) {
  let text = String(decoding: bytes.prefix(1_000), as: UTF8.self)
  var webhook = Webhook(
    id: "msg_1", timestamp: String(now.seconds), signature: text, body: Array("{}".utf8))
  precondition(!keys.verify(webhook, now: now), "nobody but us can sign")
  webhook.signature = "v1,\(text) v1a,\(text)"
  precondition(!keys.verify(webhook, now: now), "nobody but us can sign")
  webhook = keys.signed(id: "msg_1", body: bytes, at: now)
  precondition(keys.verify(webhook, now: now), "what we signed is genuine")
  webhook.body.append(32)
  precondition(!keys.verify(webhook, now: now), "what is changed is not")
  webhook.body.removeLast()
  webhook.timestamp = text
  precondition(
    !keys.verify(webhook, now: now) || Int64(text) == now.seconds, "the time is signed too")
  _ = WebhookKeys(text)
}

private func check(_ message: ProviderMessage, _ now: Instant) {
  var known = WebhookEffect.Known(customer: Customer(id: message.customer), trail: nil)
  let effect = WebhookEffect(of: message, card: card, known: known, now: now, postsNotices: true)
  for change in effect.facts + effect.moves {
    precondition(
      Limits.refusal(of: change) == nil, "what a webhook does can be stored: \(change)")
    if case .trail(let change) = change { known.trail = change.after }
  }
  guard known.trail != nil else { return }
  let again = WebhookEffect(of: message, card: card, known: known, now: now)
  precondition(again.facts.isEmpty && again.moves.isEmpty, "the same once more does nothing")
}
