internal import Foundation
internal import RatecardJSON
internal import RatecardValues

/// Somebody who answers all requests of a contest, or the first of them where it takes long.
protocol Contender: AnyObject {
  var name: String { get }
  /// How many of the requests it answers.
  var count: Int { get }
  /// What else is to be said of it.
  var note: String { get }
  /// Answers the requests once.
  func run() throws -> Lap
}

/// Once through the requests.
struct Lap {
  /// Nanoseconds a request.
  let time: Double
  /// Of these, what a constant answer takes by the same way; nil: there is no way between.
  var binding: Double?
  /// What the answers come to.
  let check: Int
}

/// The answers of a contest, in the order of its requests.
enum Answers {
  /// A number that tells answers in order apart, which every language can work out.
  static func check(_ answers: some Sequence<Int32>) -> Int {
    Int(answers.reduce(UInt32(0)) { ($0 &* 31 &+ UInt32(bitPattern: $1)) & 0x7FFF_FFFF })
  }
}

/// A contender within this program.
final class InnerContender: Contender {
  let name: String
  let count: Int
  let note = ""
  private let answerAll: (inout [Int32]) throws -> Void
  private var answers: [Int32]

  /// `answerAll` writes one answer a request.
  init(_ name: String, count: Int, answerAll: @escaping (inout [Int32]) throws -> Void) {
    self.name = name
    self.count = count
    self.answerAll = answerAll
    answers = Array(repeating: 0, count: count)
  }

  /// The answers, untimed.
  func allAnswers() throws -> [Int32] {
    try answerAll(&answers)
    return answers
  }

  func run() throws -> Lap {
    let start = ContinuousClock.now
    try answerAll(&answers)
    let time = (ContinuousClock.now - start) / .nanoseconds(1) / Double(count)
    return Lap(time: time, check: Answers.check(answers))
  }
}

/// A contender that is a program of its own, see `Scripts/peers`.
///
/// It reads the contest from a file, says in a line how many of the requests it answers, and then
/// answers them once for each line it is sent.
final class OuterContender: Contender {
  /// Why a contender does not take part.
  struct Absence: Error {
    let reason: String
  }

  let name: String
  let count: Int
  let note: String
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private var unread: [UInt8] = []

  /// Starts `command`; throws where it cannot take part.
  init(_ name: String, _ command: [String]) throws {
    self.name = name
    process.executableURL = URL(filePath: command[0])
    process.arguments = Array(command.dropFirst())
    process.standardInput = input
    process.standardOutput = output
    do { try process.run() } catch { throw Absence(reason: "there is no \(command[0])") }
    guard let line = Self.line(from: output, &unread) else {
      throw Absence(reason: "it ended without a word")
    }
    let greeting = try JSONValue(parsing: line)
    if let reason = greeting["cannot"]?.string { throw Absence(reason: reason) }
    count = greeting["count"]?.integer ?? 0
    note = greeting["note"]?.string ?? ""
  }

  deinit {
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  func run() throws -> Lap {
    try input.fileHandleForWriting.write(contentsOf: Data("\n".utf8))
    guard let line = Self.line(from: output, &unread) else {
      throw Absence(reason: "it ended on the way")
    }
    let lap = try JSONValue(parsing: line)
    guard let time = lap["ns"]?.double, let check = lap["check"]?.integer else {
      throw Absence(reason: "it said \(line)")
    }
    return Lap(time: time, binding: lap["binding_ns"]?.double, check: check)
  }

  private static func line(from pipe: Pipe, _ unread: inout [UInt8]) -> String? {
    while true {
      if let end = unread.firstIndex(of: 10) {
        defer { unread.removeFirst(end + 1) }
        return String(decoding: unread[..<end], as: UTF8.self)
      }
      let more = pipe.fileHandleForReading.availableData
      if more.isEmpty { return nil }
      unread += more
    }
  }
}

extension Number {
  /// An amount of so many decimals as an integer.
  func units(ofDecimals decimals: Int) -> Int32 {
    var significand = Int64(truncatingIfNeeded: significand)
    for _ in 0..<max(0, exponent + decimals) { significand &*= 10 }
    return Int32(truncatingIfNeeded: significand)
  }
}

extension JSONValue {
  fileprivate var double: Double? {
    if case .number(let text) = self { Double(text) } else { nil }
  }

  fileprivate var integer: Int? {
    if case .number(let text) = self { Int(text) } else { nil }
  }
}
