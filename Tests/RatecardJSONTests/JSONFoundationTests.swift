import Foundation
import RatecardJSON
import RatecardTestSupport
import Testing

/// Our reader and Foundation's on random documents, whole and damaged.
@Suite struct JSONFoundationTests {
  private func random(_ depth: Int, _ generator: inout SplitMix) -> JSONValue {
    let text = {
      (generator: inout SplitMix) in
      String(
        (0..<generator.below(6)).map { _ in
          Array("ab\"\\\n\t\u{1}é€😀/\u{2028}z")[generator.below(13)]
        } as [Character])
    }
    switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &generator) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &generator))
    case 2: return .number(String(Int.random(in: -9999...9999, using: &generator)))
    case 3: return .number(["0.5", "-1.25", "2e3", "1E-2", "-0.0"][generator.below(5)])
    case 4: return .string(text(&generator))
    case 5, 6:
      return .array((0..<generator.below(5)).map { _ in random(depth - 1, &generator) })
    default:
      return .object(
        (0..<generator.below(5)).map { index in
          .init("\(index)\(text(&generator))", random(depth - 1, &generator))
        })
    }
  }

  /// Whether a tree says what Foundation's does.
  private func agree(_ ours: JSONValue, _ theirs: Any) -> Bool {
    switch ours {
    case .null: return theirs is NSNull
    case .bool(let value): return (theirs as? Bool) == value
    case .number(let text): return (theirs as? NSNumber)?.doubleValue == Double(text)
    case .string(let text): return (theirs as? String) == text
    case .array(let items):
      guard let others = theirs as? [Any], others.count == items.count else { return false }
      return zip(items, others).allSatisfy(agree)
    case .object(let members):
      guard let others = theirs as? [String: Any], others.count == members.count else {
        return false
      }
      return members.allSatisfy { member in
        others[member.name].map { agree(member.value, $0) } ?? false
      }
    }
  }

  /// Whether a double can hold all the numbers: Foundation refuses what it cannot hold.
  private func fitsDoubles(_ value: JSONValue) -> Bool {
    switch value {
    case .number(let text): Double(text)?.isFinite == true
    case .array(let items): items.allSatisfy(fitsDoubles)
    case .object(let members): members.allSatisfy { fitsDoubles($0.value) }
    default: true
    }
  }

  private func foundation(_ bytes: [UInt8]) -> Any? {
    try? JSONSerialization.jsonObject(with: Data(bytes), options: [.fragmentsAllowed])
  }

  @Test func readsWhatFoundationReads() throws {
    var generator = SplitMix(seed: 1)
    for round in 0..<800 {
      let document = random(4, &generator)
      let bytes = Array(document.text(pretty: round % 2 == 0).utf8)
      #expect(try JSONValue(parsing: bytes) == document)
      let theirs = try #require(foundation(bytes))
      #expect(agree(document, theirs), "\(document.text())")
    }
  }

  /// Foundation is laxer in places; what we take, it takes, and says the same.
  @Test func takesNoDamagedDocumentThatFoundationRefuses() {
    var generator = SplitMix(seed: 2)
    let alphabet = Array("{}[],:\"\\u0eE+-.1tfn \u{0}é".utf8) + [0x80, 0xFF, 0xED]
    var taken = 0
    for _ in 0..<6000 {
      var bytes = Array(random(3, &generator).text().utf8)
      for _ in 0..<Int.random(in: 1...3, using: &generator) where !bytes.isEmpty {
        let place = generator.below(bytes.count)
        switch generator.below(3) {
        case 0: bytes[place] = alphabet[generator.below(alphabet.count)]
        case 1: bytes.remove(at: place)
        default: bytes.insert(alphabet[generator.below(alphabet.count)], at: place)
        }
      }
      guard let ours = try? JSONValue(parsing: bytes), fitsDoubles(ours) else { continue }
      taken += 1
      guard let theirs = foundation(bytes) else {
        Issue.record("Foundation refuses \(String(decoding: bytes, as: UTF8.self))")
        continue
      }
      #expect(agree(ours, theirs), "\(String(decoding: bytes, as: UTF8.self))")
    }
    #expect(taken > 300)
  }
}
