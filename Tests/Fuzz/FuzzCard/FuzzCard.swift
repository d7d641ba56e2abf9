import Ratecard
import RatecardDiagnostics
import RatecardValues

/// Loads arbitrary bytes as a card, all stages, and asks what loads a few requests: nothing may
/// crash, and a span must lie within the file.
@c(LLVMFuzzerTestOneInput)
public func loadAnything(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // SAFETY: libFuzzer gives `count` bytes that stay valid during the call; they are copied first.
  let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
  let result = RateCard.load(files: [SourceFile(path: "card.yaml", bytes: bytes)])
  for diagnostic in result.report.diagnostics {
    precondition(
      diagnostic.span.start >= 0 && diagnostic.span.start <= diagnostic.span.end
        && Int(diagnostic.span.end) <= bytes.count, "a span lies within its file")
    precondition(!diagnostic.message.isEmpty, "a diagnostic says something")
  }
  guard let card = result.card else {
    precondition(result.report.hasErrors, "a refused card has an error")
    return 0
  }
  let now = Instant(seconds: 1_800_000_000)
  for request: [String: RequestValue] in [
    [:], ["request_type": "chat", "model": "gpt-4o", "balance": 3, "granted": 10],
    ["model": "claude-sonnet", "input_tokens": 300_000, "output_tokens": 5, "batch": true],
  ] {
    _ = try? card.decide(request, at: now)
    _ = try? card.price(request, at: now)
    _ = card.explain(request, at: now)
  }
  return 0
}
