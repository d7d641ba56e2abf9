import RatecardJSON
import Testing

@Suite struct JSONReaderTests {
  @Test(arguments: [
    "0", "-0", "1", "-1.5", "1e5", "1E+5", "1e-5", "0.0", "123456789012345678901234567890.5e400",
    "true", "false", "null", "\"\"", "\"a\"", "[]", "{}", " [ ] ", "\t{\r\n}\n", "[1,2]", "[[],{}]",
    "{\"a\":1,\"b\":2}", "{\"\":0}", "[null, 1, \"1\", {}]", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
    "\"\\u0041\"",
    "\"\\uD83D\\uDE00\"", "\"\\ud83d\\ude00\"", "\"\\u0000\"", "\"é€😀\"", "\"\u{7F}\"",
    "\"\u{2028}\"", "\"\u{FEFF}\"",
    "\"\\u2028\"", "\"\\uFFFF\"", "\"\\uD7FF\\uE000\"",
    "{\"a\":{\"a\":1},\"b\":[{\"a\":1},{\"a\":2}]}", "[1e0,0e0]",
  ])
  func accepts(text: String) throws {
    let value = try JSONValue(parsing: text)
    #expect(try JSONValue(parsing: value.text()) == value)
    #expect(try JSONValue(parsing: value.text(pretty: true)) == value)
  }

  @Test(arguments: [
    "", " ", "]", "[", "{", "}", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "[1]]", "{\"a\"", "{\"a\":",
    "{\"a\":1", "{\"a\":1,",
    "{\"a\":1,}", "{,}", "{a:1}", "{1:1}", "{'a':1}", "{\"a\" 1}", "{\"a\":1 \"b\":2}", "{\"a\":1]",
    "[1}", "01", "-01", "-",
    "+1", ".5", "5.", "1.e5", "1e", "1e+", "0x1", "1_0", "Infinity", "NaN", "-Infinity", "1.5.5",
    "--1", "- 1", "tru", "True",
    "nul", "truex", "null,", "nulll", "\"", "\"a", "'a'", "\"\\\"", "\"\\x\"", "\"\\a\"",
    "\"\\u12\"", "\"\\u12G4\"", "\"\\U0041\"",
    "\"\\uD800\"", "\"\\uD800x\"", "\"\\uDC00\"", "\"\\uD800\\uD800\"", "\"\\uD800\\n\"",
    "\"\\uD800\\u0041\"", "\"\\uDE00\\uD83D\"",
    "\"\n\"", "\"\t\"", "\"\u{0}\"", "\"\u{1F}\"", "1 2", "{} {}", "[] x", "// a\n1", "/* */1",
    "[1,/**/2]", "\u{FEFF}1",
    "\u{A0}1", "\u{C}1", "\u{B}1", "{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":2}",
    "{\"a\":1,\"b\":{},\"a\":2}", "[1]\u{0}", "\\u0031", "*", "é",
  ])
  func refuses(text: String) {
    #expect(throws: JSONFailure.self) { try JSONValue(parsing: text) }
  }

  @Test(
    arguments: [
      [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x22], [0xE0, 0x80, 0x80],
      [0xE0, 0x9F, 0xBF],
      [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80],
      [0xF0, 0x8F, 0xBF, 0xBF],
      [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xF0, 0x9F, 0x98], [0xFE], [0xFF],
      [0xE2, 0x28, 0xA1],
    ] as [[UInt8]])
  func refusesIllFormedUTF8(bytes: [UInt8]) {
    let failure = #expect(throws: JSONFailure.self) {
      try JSONValue(parsing: Array("[\"a".utf8) + bytes + Array("\"]".utf8))
    }
    #expect(failure == JSONFailure("the text is not UTF-8", at: 3))
    #expect(throws: JSONFailure.self) { try JSONValue(parsing: Array("\"".utf8) + bytes) }
    #expect(throws: JSONFailure.self) { try JSONValue(parsing: bytes) }
  }

  @Test(arguments: [
    ("{\"a\":1,\"a\":2}", "the name `a` stands twice in one object", 7),
    ("[1,]", "a value is expected, not `]`", 3),
    ("[1", "`,` or `]` is expected, but the document ends", 2),
    ("{\"a\" 1}", "`:` is expected, not `1`", 5),
    ("{a:1}", "a name in double quotes is expected, not `a`", 1),
    ("1 x", "nothing follows the document's value", 2),
    ("\"ab", "the string that begins here has no end", 0),
    ("[\"\\q\"]", "there is no such escape in a JSON string", 2),
    ("012", "a number does not begin with a needless 0", 0),
    ("1.", "a digit after the point is expected, but the document ends", 2),
    ("[\"\\ud800\"]", "half of a surrogate pair stands alone", 2),
    ("\u{FEFF}{}", "the document begins with a byte order mark", 0),
    ("[é]", "a value is expected, not `é`", 1),
    ("\"\n\"", "a control character must be escaped in a string", 1),
  ])
  func tellsWhatAndWhere(text: String, message: String, offset: Int) {
    #expect(throws: JSONFailure(message, at: offset)) { try JSONValue(parsing: text) }
  }

  @Test func depthIsLimited() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(throws: Never.self) { try JSONValue(parsing: nested(8), depthLimit: 8) }
    #expect(throws: JSONFailure("the document is nested more than 8 deep", at: 8)) {
      try JSONValue(parsing: nested(9), depthLimit: 8)
    }
    #expect(throws: JSONFailure.self) {
      try JSONValue(parsing: String(repeating: "[", count: 1_000_000))
    }
  }

  @Test func manyNamesAreStillCompared() throws {
    let members = (0..<500).map { "\"n\($0)\":{\"n\($0)\":0}" }
    #expect(try JSONValue(parsing: "{\(members.joined(separator: ","))}").members?.count == 500)
    for again in [0, 15, 16, 17, 499] {
      let text = "{\(members.joined(separator: ",")),\"\\u006e\(again)\":1}"
      #expect(throws: JSONFailure.self) { try JSONValue(parsing: text) }
    }
  }

  @Test func numbersKeepTheirText() throws {
    let text = "[1.0,1,10E+2,-0,0.1000000000000000055511151231257827]"
    #expect(try JSONValue(parsing: text).text() == text)
  }

  @Test func tokensComeInOrder() throws {
    let bytes = Array(" {\"a\\n\":[1,true,null,\"x\\u00e9\"],\"b\":{\"c\":[[]]},\"d\":2} ".utf8)
    try bytes.withUnsafeBufferPointer { bytes in
      var reader = JSONReader(bytes)
      #expect(try reader.next() == .beginObject)
      guard case .key(let name) = try reader.next() else { throw reader.fail("no name") }
      #expect(name.hasEscapes && reader.text(of: name) == "a\n")
      #expect(try reader.next() == .beginArray)
      guard case .number(let one) = try reader.next() else { throw reader.fail("no number") }
      #expect(Array(reader.bytes(of: one)) == Array("1".utf8))
      #expect(try reader.next() == .bool(true))
      #expect(try reader.next() == .null)
      guard case .string(let text) = try reader.next() else { throw reader.fail("no string") }
      #expect(reader.text(of: text) == "xé")
      #expect(try reader.next() == .endArray)
      guard case .key(let second) = try reader.next() else { throw reader.fail("no name") }
      #expect(reader.text(of: second) == "b")
      try reader.skip(try reader.next())
      #expect(reader.depth == 1)
      guard case .key = try reader.next(), case .number = try reader.next() else {
        throw reader.fail("no member")
      }
      #expect(try reader.next() == .endObject)
      #expect(try reader.next() == .end)
      #expect(try reader.next() == .end)
      reader.restart(bytes)
      #expect(try reader.next() == .beginObject)
    }
  }
}
