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

  /// The wait of a thread that is let wait often must not count as its work.
  @Test func getOnAmongThreadsThatNeverRest() {
    let isOver = Flag()
    let others = Threads(8) { _ in while !isOver.isSet {} }
    var worked = 0
    var turns = 0
    ShortTurns.take {
      let (start, switches) = (Self.milliseconds, Self.switches)
      while Self.milliseconds < start + 50 {}
      worked = Self.milliseconds - start
      turns = Self.switches - switches
    }
    isOver.set()
    #expect(others.join().isEmpty)
    // Once a turn, and once for each tick at which the kernel takes the processor itself.
    #expect(turns > 0)
    #expect(turns <= worked * 3)
  }

  /// The milliseconds that this thread has worked.
  private static var milliseconds: Int {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
  }

  /// How often this thread gave up the processor, or was made to.
  private static var switches: Int {
    var usage = rusage()
    // RUSAGE_THREAD, which Swift does not see.
    getrusage(1, &usage)
    return usage.ru_nvcsw + usage.ru_nivcsw
  }
}
