import Glibc
import Testing

@testable import RatecardService

/// Work in short turns is interrupted, and what comes after it is not.
struct ShortTurnsTests {
  @Test func interruptTheThreadThatWorks() {
    var answers: [Int32] = []
    ShortTurns.take { for _ in 0..<3 { answers.append(poll(nil, 0, 1_000)) } }
    #expect(answers == [-1, -1, -1])
    #expect(poll(nil, 0, 10) == 0)
  }

  @Test func doTheWorkOnce() {
    var count = 0
    ShortTurns.take { count += 1 }
    #expect(count == 1)
  }
}
