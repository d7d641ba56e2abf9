import Ratecard
import RatecardDiagnostics
import RatecardValues

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

/// Answers any bytes as a JSON request: nothing may crash, and the answer and its explanation agree.
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
  _ = try? card.decide(request, at: now)
  return 0
}
