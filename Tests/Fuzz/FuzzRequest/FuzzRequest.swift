import Ratecard
import RatecardDiagnostics
import RatecardValues
internal import RatecardWire

@testable import RatecardCommand

/// A card that uses every kind of attribute, rate and adjustment.
private let card: RateCard = {
  let text = """
    ratecard: 1
    name: fuzz
    credit: {unit: credit, decimals: 6, worth: 0.01 USD, rounding: half_even}
    attributes:
      request_type: [chat, agent]
      input_tokens: count
      cached_input_tokens: {type: count, part_of: input_tokens}
      seconds: quantity
      used: {type: quantity, default: 0}
      offset: number
      batch: flag
      since: instant
    models:
      small: {aliases: [small-*, tiny], class: cheap}
      large: {class: dear}
    windows:
      night: {hours: ["22:00-06:00"], zone: America/New_York}
    costs:
      - {name: flat, credits: 1}
      - name: tokens
        when: {model_class: dear}
        rates:
          input_tokens: 3 USD per 1M
          cached_input_tokens: 0.3 USD per 1M
          seconds: {round: up to 60, at_least: 10, after: used, graduated: [{up_to: 1000, rate: 0.1}, {rate: 0.01}]}
      - {name: refused, when: {model: large, offset: {below: 0}}, deny: not below zero}
    adjustments:
      - {name: batch, when: {batch: true}, multiply: 0.5, of: [input_tokens, credits]}
      - {name: night, when: {window: night}, multiply: 0.9}
      - {name: old, when: {since: {below: 2025-01-01}}, add: {seconds: 0.001}}
    tiers:
      - tier: premium
      - {name: low, tier: slow, when: {balance_percent: {below: 20}}}
    routes:
      - {name: split, when: {tier: slow}, split: {by: customer, small: 3, large: 1}}
    """
  let result = RateCard.load(files: [SourceFile(path: "fuzz.yaml", bytes: Array(text.utf8))])
  guard let card = result.card else {
    preconditionFailure("the card loads: \(result.report.diagnostics.map(\.message))")
  }
  return card
}()

/// The same card, which finds rules by rows of bits.
private let rows = card.withoutGraphs()

/// A buffer through which every request goes.
private final class Used: @unchecked Sendable {
  // SAFETY: libFuzzer calls from one thread.
  var buffer = RequestBuffer(for: card)
}

private let used = Used()

/// Answers any bytes as a JSON request: nothing may crash, the answer and its explanation agree, and
/// so do all ways to ask.
@c(LLVMFuzzerTestOneInput)
public func answerAnything(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // SAFETY: libFuzzer gives `count` bytes that stay valid during the call; they are copied first.
  let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
  let now = Instant(seconds: 1_800_000_000)
  guard
    let request = bytes.withUnsafeBufferPointer({ try? RequestReader.request(json: $0) })
  else { return 0 }
  let quote = try? card.price(request, at: now)
  let explanation = card.explain(request, at: now, costAlone: true)
  if case .quote(let explained) = explanation.answer {
    precondition(explained == quote, "an explanation answers like the price itself")
  }
  let decision = try? card.decide(request, at: now)
  precondition(quote == (try? rows.price(request, at: now)), "rows price as graphs do")
  precondition(decision == (try? rows.decide(request, at: now)), "rows decide as graphs do")
  askAgain(request, at: now, quote, decision)
  return 0
}

/// Asks through the buffer, with handles of texts where there are some.
private func askAgain(
  _ request: [String: RequestValue], at now: Instant?, _ quote: Quote?, _ decision: Decision?
) {
  used.buffer.clear()
  do {
    for (name, value) in request.sorted(by: { ExactText($0.key) < ExactText($1.key) }) {
      let handle = try card.handle(name)
      if case .text(let text) = value, let known = try? card.text(text, for: handle) {
        used.buffer.set(handle, known)
      } else {
        try used.buffer.set(handle, value)
      }
    }
  } catch {
    precondition(quote == nil && decision == nil, "what a buffer refuses has no answer")
    return
  }
  for _ in 0..<2 {
    precondition(quote == (try? card.price(&used.buffer, at: now)), "a used buffer has the price")
    let verdict = try? card.judge(&used.buffer, at: now)
    precondition((verdict == nil) == (decision == nil), "a used buffer has a verdict")
    if let verdict {
      precondition(
        decision == card.decision(verdict, for: used.buffer), "and the verdict is the decision")
    }
  }
}
