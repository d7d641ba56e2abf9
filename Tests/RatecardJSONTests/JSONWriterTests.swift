import RatecardJSON
import Testing

@Suite struct JSONWriterTests {
  private let sample: JSONValue = [
    "text": "a\"b\\c/\u{8}\u{c}\n\r\t\u{1}\u{1f}\u{7f}é\u{2028}😀", "empty": [:], "none": [],
    "list": [1, true, .null, [2]],
    "deep": ["a": ["b": .number("1.50")]],
  ]

  @Test func writesOnOneLine() {
    let expected =
      #"{"text":"a\"b\\c/\b\f\n\r\t\u0001\u001f"# + "\u{7f}é\u{2028}😀"
      + #"","empty":{},"none":[],"list":[1,true,null,[2]],"deep":{"a":{"b":1.50}}}"#
    #expect(sample.text() == expected)
  }

  @Test func writesIndented() {
    let value: JSONValue = ["a": [1, ["b": .null]], "c": [:], "d": []]
    let expected = """
      {
        "a": [
          1,
          {
            "b": null
          }
        ],
        "c": {},
        "d": []
      }
      """
    #expect(value.text(pretty: true) == expected)
  }

  @Test func writesCallByCall() {
    var writer = JSONWriter()
    writer.beginObject()
    writer.member("credits", "10")
    writer.member("line", 7)
    writer.member("done", false)
    writer.key("adjustments")
    writer.beginArray()
    writer.string("batch")
    writer.number("0.5")
    writer.endArray()
    writer.endObject()
    writer.raw("\n".utf8)
    #expect(
      writer.text == #"{"credits":"10","line":7,"done":false,"adjustments":["batch",0.5]}"# + "\n")
    writer.restart()
    writer.null()
    #expect(writer.text == "null")
  }

  @Test func valuesAreReached() throws {
    #expect(sample["deep"]?["a"]?["b"] == .number("1.50"))
    #expect(sample["list"]?.items?.count == 4)
    #expect(sample["nothing"] == nil)
    #expect(sample["text"]?.string?.hasSuffix("😀") == true)
    #expect(sample["text"]?["x"] == nil)
    #expect(try JSONValue(parsing: sample.text()) == sample)
  }

  @Test func misuseIsOurOwnMistake() async {
    await #expect(processExitsWith: .failure) {
      var writer = JSONWriter()
      writer.beginObject()
      writer.string("a value without a name")
    }
    await #expect(processExitsWith: .failure) {
      var writer = JSONWriter()
      writer.beginArray()
      writer.endObject()
    }
  }
}
