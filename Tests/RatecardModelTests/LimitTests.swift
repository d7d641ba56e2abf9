import RatecardDiagnostics
import RatecardTestSupport
import Testing

/// What a rule may have at the most: one more of it is one finding, as many are none.
@Suite struct LimitTests {
  static func attributes(_ count: Int) -> String {
    "attributes:\n" + (0..<count).map { "  a\($0): flag\n" }.joined()
  }

  static func alternatives(_ count: Int, of conditions: Int) -> String {
    let map = "{" + (0..<conditions).map { "a\($0): true" }.joined(separator: ", ") + "}"
    let maps = Array(repeating: map, count: count).joined(separator: ", ")
    return attributes(conditions) + "costs:\n  - {name: x, credits: 1, when: [\(maps)]}\n"
  }

  static func bands(_ count: Int) -> String {
    let bands = (1...count).map { "{up_to: \($0), rate: 1}" }.joined(separator: ", ")
    return "attributes: {n: count}\ncosts:\n  - {name: x, rates: {n: {volume: [\(bands)]}}}\n"
  }

  static func table(axes: Int, alternatives: Int) -> String {
    let names = (0..<axes).map { "a\($0)" }.joined(separator: ", ")
    let maps = Array(repeating: "{plan: pro}", count: alternatives).joined(separator: ", ")
    return attributes(axes)
      + "costs:\n  - {name: x, table: [\(names)], when: [\(maps)], cells: {true: 1}}\n"
  }

  static func meter(properties count: Int) -> String {
    let names = (0..<count).map { "a\($0)" }.joined(separator: ", ")
    return attributes(count) + "meter: {event: e, properties: [\(names)]}\n"
  }

  static func meter(name length: Int, property: Bool) -> String {
    let name = String(repeating: "n", count: length)
    return property
      ? "meter: {event: e, property: \(name)}\n"
      : "attributes: {\(name): flag}\nmeter: {event: e, properties: [\(name)]}\n"
  }

  static func findings(_ text: String) -> [String] {
    Sample(text).check().diagnostics.map { "\($0.code.id) \($0.message)" }
  }

  @Test(arguments: [
    alternatives(64, of: 4), alternatives(2, of: 128), bands(1000),
    table(axes: 16, alternatives: 1), table(axes: 3, alternatives: 64),
    meter(properties: 48), meter(name: 100, property: false), meter(name: 100, property: true),
  ])
  func asManyAsThereMayBe(_ text: String) {
    #expect(Self.findings(text) == [])
  }

  @Test(arguments: [
    (alternatives(65, of: 1), "RC0109 a rule has at most 64 alternatives, this one has 65"),
    (alternatives(3, of: 86), "RC0109 a rule has at most 256 conditions, here are more"),
    (bands(1001), "RC0109 `volume` has at most 1000 bands, this one has 1001"),
    (
      table(axes: 17, alternatives: 1),
      "RC0109 a table has at most 16 levels, this one has 17"
    ),
    (
      table(axes: 4, alternatives: 64),
      "RC0109 a cell of this table has 320 conditions, a rule has at most 256"
    ),
    (meter(properties: 49), "RC0109 a meter has at most 48 properties, this one has 49"),
    (
      meter(name: 101, property: false),
      "RC0109 a property's name has at most 100 characters, this one has 101"
    ),
    (
      meter(name: 101, property: true),
      "RC0109 a property's name has at most 100 characters, this one has 101"
    ),
  ])
  func oneMore(_ text: String, _ finding: String) {
    #expect(Self.findings(text) == [finding])
  }
}
