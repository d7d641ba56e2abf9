// A program that uses a store and may be killed at any moment.
//
//   RatecardStoreVictim record ADDRESS SEED GROUPS [POINT NUMBER]
//       records groups of usage and writes the ids of each group after it was committed; ends
//       itself with SIGKILL when it comes to a point of `FaultPoint` for the numbered time
//   RatecardStoreVictim open ADDRESS
//       opens the store, and says why it cannot
//   RatecardStoreVictim fill FOLDER
//       records until the disk is full, makes room, and goes on

import Glibc
import RatecardStore
import RatecardTestSupport
import RatecardValues
import Synchronization

func fail(_ text: String) -> Never {
  let bytes = Array((text + "\n").utf8)
  _ = write(STDERR_FILENO, bytes, bytes.count)
  exit(1)
}

/// Writes a line at once, so that whoever reads it knows what was acknowledged.
func answer(_ line: String) {
  let bytes = Array((line + "\n").utf8)
  guard write(STDOUT_FILENO, bytes, bytes.count) == bytes.count else { exit(1) }
}

func event(_ id: String, customer: Int, credits: Int) -> UsageEvent {
  let now = Instant(seconds: 1_780_000_000) ?? .earliest
  return UsageEvent(
    id: id, customer: "cus_\(customer)", occurredAt: now, recordedAt: now,
    credits: Number(credits), rule: "r", ratecard: "c", version: "v",
    attributes: #"{"model":"o1"}"#, fingerprint: Array(id.utf8))
}

func record(_ arguments: [String]) throws {
  guard arguments.count >= 3, let seed = UInt64(arguments[1]), let groups = Int(arguments[2])
  else { fail("record ADDRESS SEED GROUPS [POINT NUMBER]") }
  var seam: FaultSeam?
  if arguments.count == 5, let point = FaultPoint(rawValue: arguments[3]),
    let number = Int(arguments[4])
  {
    // A reference, since a closure cannot hold what cannot be copied.
    final class Count: Sendable {
      let left: Atomic<Int>
      init(_ number: Int) { left = Atomic(number) }
    }
    let count = Count(number)
    seam = { reached throws(StoreFailure.Reason) in
      guard reached == point else { return }
      let rest = count.left.subtract(1, ordering: .relaxed).newValue
      if rest == 0 { kill(getpid(), SIGKILL) }
    }
  }
  let store = try Store.open(arguments[0], serving: false, faults: seam)
  var random = SplitMix(seed: seed)
  for group in 0..<groups {
    let ids = (0..<1 + random.below(8)).map { "\(seed)-\(group)-\($0)" }
    let outcomes = try store.commit(
      ids.map { .usage(event($0, customer: random.below(5), credits: 1 + random.below(9))) })
    guard outcomes.allSatisfy({ if case .recorded = $0 { true } else { false } }) else {
      fail("what was recorded was known already")
    }
    answer(ids.joined(separator: " "))
    if random.oneIn(5) { try store.checkpoint(restartAbove: 100_000) }
  }
}

func fill(_ folder: String) throws {
  let ballast = open(folder + "/ballast", O_CREAT | O_WRONLY, 0o600)
  let megabyte = [UInt8](repeating: 1, count: 1 << 20)
  guard write(ballast, megabyte, megabyte.count) == megabyte.count else { fail("no ballast") }
  close(ballast)
  let store = try Store.open("sqlite:\(folder)/store.db", serving: true)
  var acknowledged: [String] = []
  var rounds = 0
  func recordUntilFull() {
    while true {
      rounds += 1
      let ids = (0..<50).map { "\(rounds)-\($0)" }
      do throws(StoreFailure) {
        _ = try store.commit(ids.map { .usage(event($0, customer: rounds % 7, credits: 1)) })
        acknowledged += ids
      } catch {
        guard error.reason == .diskFull else { fail("it says: \(error)") }
        return
      }
    }
  }
  recordUntilFull()
  let before = acknowledged.count
  guard before > 0 else { fail("nothing was recorded before the disk was full") }
  // Reading goes on, and so does opening, or it says why not.
  for id in acknowledged where try store.usage(id) == nil { fail("\(id) is lost") }
  unlink(folder + "/ballast")
  recordUntilFull()
  guard acknowledged.count > before else { fail("nothing was recorded after there was room") }
  for id in acknowledged where try store.usage(id) == nil { fail("\(id) is lost") }
  let pending = try (0..<7).map { try store.customer("cus_\($0)")?.pending ?? .zero }
    .reduce(.zero, +)
  guard pending == Number(acknowledged.count) else { fail("pending is \(pending)") }
  answer("\(before) \(acknowledged.count)")
}

let arguments = Array(CommandLine.arguments.dropFirst())
do {
  switch arguments.first {
  case "record": try record(Array(arguments.dropFirst()))
  case "open" where arguments.count == 2: _ = try Store.open(arguments[1])
  case "fill" where arguments.count == 2: try fill(arguments[1])
  default: fail("record, open or fill")
  }
} catch {
  fail("\(error)")
}
