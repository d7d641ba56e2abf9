import RatecardStore
import RatecardValues

/// A time some seconds into the tests' world.
func at(_ seconds: Int) -> Instant {
  guard let instant = Instant(seconds: 1_780_000_000 + Int64(seconds)) else {
    preconditionFailure("the tests' world ends before 2262")
  }
  return instant
}

/// An amount.
func number(_ text: String) -> Number {
  guard let number = try? Number(parsing: text, signed: true) else {
    preconditionFailure("\(text) is no number")
  }
  return number
}

/// Usage; the content decides the fingerprint.
func usage(
  _ id: String, _ customer: String = "cus_1", _ credits: String = "4", content: UInt8 = 1,
  second: Int = 0, ships: Bool = true
) -> UsageEvent {
  UsageEvent(
    id: id, customer: customer, occurredAt: at(second), recordedAt: at(second),
    credits: number(credits), rule: "cost-o1", adjustments: content == 2 ? "night" : nil,
    ratecard: "cursor", version: "5f2a", decision: content == 3 ? "dec_1" : nil,
    attributes: #"{"model":"o1","input_tokens":1000}"#, fingerprint: [content, 0, 255, 7],
    ships: ships)
}

func deadLetter(
  _ id: String, code: String = "unpriced", content: UInt8 = 1, second: Int = 0
) -> DeadLetter {
  DeadLetter(
    id: id, customer: "cus_1", body: #"{"model":"o9"}"#, fingerprint: [content, 0, 255, 7],
    code: code, message: "no rule prices this request", at: at(second))
}
