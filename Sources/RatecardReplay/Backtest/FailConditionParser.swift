internal import RatecardDiagnostics
internal import RatecardValues

/// Reads the text of a `FailCondition`, word by word.
struct FailConditionParser {
  private typealias Failure = FailCondition.Failure

  private struct Word {
    let text: String
    let range: Range<Int>
  }

  private let text: [Character]
  private let words: [Word]
  private var place = 0

  init(_ text: String) {
    self.text = Array(text)
    words = Self.words(self.text)
  }

  mutating func parse() throws(FailCondition.Failure) -> [[FailCondition.Test]] {
    var alternatives = [[try test()]]
    while place < words.count {
      let word = words[place]
      switch word.text {
      case "or":
        place += 1
        alternatives.append([try test()])
      case "and":
        place += 1
        alternatives[alternatives.count - 1].append(try test())
      default:
        throw Failure(
          message: "`\(word.text)` cannot stand here", help: "tests are joined by `and` or `or`",
          range: word.range)
      }
    }
    return alternatives
  }

  /// Splits a text where signs of comparison and spaces stand.
  private static func words(_ text: [Character]) -> [Word] {
    var words: [Word] = []
    var place = 0
    while place < text.count {
      let start = place
      if text[place].isWhitespace {
        place += 1
        continue
      }
      let isSign = isComparison(text[place])
      while place < text.count, !text[place].isWhitespace, isComparison(text[place]) == isSign {
        place += 1
      }
      words.append(Word(text: String(text[start..<place]), range: start..<place))
    }
    return words
  }

  private static func isComparison(_ character: Character) -> Bool {
    character == "<" || character == ">" || character == "=" || character == "!"
  }

  private mutating func take(_ wanted: String, _ help: String) throws(FailCondition.Failure) -> Word
  {
    guard place < words.count else {
      throw Failure(
        message: "\(wanted) is missing", help: help, range: text.count..<text.count + 1)
    }
    place += 1
    return words[place - 1]
  }

  private mutating func test() throws(FailCondition.Failure) -> FailCondition.Test {
    let measures = FailCondition.Measure.allCases.map(\.rawValue)
    let list = measures.joined(separator: ", ")
    let name = try take("what is looked at", "it is one of \(list)")
    guard let measure = FailCondition.Measure(rawValue: name.text) else {
      throw Failure(
        message: "`\(name.text)` is nothing that a backtest measures",
        help: Suggestion.closest(to: name.text, among: measures).map { "did you mean `\($0)`?" }
          ?? "it is one of \(list)", range: name.range)
    }
    let sign = try take("a comparison", "it is one of >, >=, <, <=")
    guard let comparator = FailCondition.Comparator(rawValue: sign.text) else {
      throw Failure(
        message: "`\(sign.text)` compares nothing", help: "it is one of >, >=, <, <=",
        range: sign.range)
    }
    var value = try take("a bound", "such as 1000, +5% or -20")
    // A percent sign may stand apart.
    if place < words.count, words[place].text == "%" {
      value = Word(
        text: value.text + "%", range: value.range.lowerBound..<words[place].range.upperBound)
      place += 1
    }
    return FailCondition.Test(
      measure: measure, comparator: comparator, bound: try bound(value, measure),
      text: "\(name.text) \(sign.text) \(value.text)")
  }

  private func bound(
    _ word: Word, _ measure: FailCondition.Measure
  ) throws(FailCondition.Failure) -> FailCondition.Bound {
    let isPercent = word.text.hasSuffix("%")
    let isSigned = word.text.hasPrefix("+") || word.text.hasPrefix("-")
    var digits = word.text.dropFirst(word.text.hasPrefix("+") ? 1 : 0)
    if isPercent { digits = digits.dropLast() }
    let number: Number
    do throws(Number.Failure) {
      number = try Number(parsing: String(digits), signed: true)
    } catch {
      throw Failure(
        message: "`\(word.text)` is no number", help: error.reason, range: word.range)
    }
    guard number.significand.magnitude < 1_000_000_000_000_000_000, abs(number.exponent) <= 18
    else {
      throw Failure(
        message: "`\(word.text)` has too many digits", help: "18 are enough", range: word.range)
    }
    if measure.isAmount {
      if isSigned { return isPercent ? .percent(number) : .change(number) }
      guard !isPercent else {
        throw Failure(
          message: "`\(word.text)` is neither an amount nor a change",
          help: "a change has its sign: `+\(word.text)` or `-\(word.text)`", range: word.range)
      }
      return .plain(number)
    }
    guard !isSigned else {
      throw Failure(
        message: "`\(measure.rawValue)` is a count, which has no sign",
        help: "write it without", range: word.range)
    }
    return isPercent ? .share(number) : .plain(number)
  }
}
