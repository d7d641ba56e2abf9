internal import Dispatch
internal import Foundation
internal import Glibc
internal import Ratecard
internal import RatecardJSON
internal import Synchronization

extension Benchmark {
  /// How two threads read the current card of a folder, at rest and while it is swapped.
  static let current = Benchmark(
    name: "current",
    summary: "reading the current card in two threads, ns of processor time a read"
  ) { bench in
    let folder = bench.path("current")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data("ratecard: 1\nname: tiny\ncosts: [{credits: 1}]\n".utf8)
      .write(to: URL(filePath: folder + "/card.yaml"))
    let live = try LiveRateCard(folder: folder)
    defer { live.stop() }
    print("\(String(repeating: " ", count: 36))   least  median    most    at most  swaps a second")
    return [
      "current": .array(
        [
          CurrentCard(live: live, reads: 10_000_000) { $0.generation }
            .run("whether it is still the same", atMost: 4),
          CurrentCard(live: live, reads: 200_000) { UInt64($0.current.files.count) }
            .run("the card itself"),
        ].flatMap { $0 })
    ]
  }
}

/// One way to read the current card.
private struct CurrentCard: Sendable {
  let live: LiveRateCard
  /// How many reads of each thread are timed together.
  let reads: Int
  let read: @Sendable (LiveRateCard) -> UInt64

  /// Measures at rest, and then while a third thread swaps a thousand times a second.
  func run(_ name: String, atMost target: Double? = nil) -> [JSONValue] {
    let resting = row(name, laps(), swaps: 0, target)
    let isOver = Flag()
    let swapper = DispatchWorkItem {
      let start = ContinuousClock.now
      var swaps = 0
      while !isOver.value.load(ordering: .relaxed) {
        live.reload()
        swaps += 1
        let next = start + .milliseconds(swaps)
        let wait = (next - .now) / .microseconds(1)
        if wait > 0 { usleep(UInt32(wait)) }
      }
    }
    let (before, start) = (live.generation, ContinuousClock.now)
    DispatchQueue(label: "swapper").async(execute: swapper)
    let times = laps()
    let swaps = Double(live.generation - before) / ((ContinuousClock.now - start) / .seconds(1))
    isOver.value.store(true, ordering: .relaxed)
    swapper.wait()
    return [resting, row(name + ", swapped", times, swaps: swaps, target)]
  }

  private final class Flag: Sendable {
    let value = Atomic(false)
  }

  /// What a read takes in each lap of each of two threads that run at once.
  private func laps() -> Nanoseconds {
    let times = Mutex<[Double]>([])
    for _ in 0..<15 {
      DispatchQueue.concurrentPerform(iterations: 2) { _ in
        let start = Stopwatch.processorNanoseconds
        var sum: UInt64 = 1
        for _ in 0..<reads { sum &+= read(live) }
        let time = Double(Stopwatch.processorNanoseconds - start) / Double(reads)
        print("", terminator: sum == 0 ? "?" : "")
        times.withLock { $0.append(time) }
      }
    }
    return Nanoseconds(times.withLock { $0 })
  }

  private func row(
    _ name: String, _ time: Nanoseconds, swaps: Double, _ target: Double?
  ) -> JSONValue {
    print(
      name + String(repeating: " ", count: max(0, 36 - name.count)) + column(time.least, 8)
        + column(time.median, 8) + column(time.greatest, 8)
        + (target.map { column($0, 11) } ?? String(repeating: " ", count: 11))
        + column(swaps, 16))
    return [
      "what": .string(name), "ns": time.json, "swaps_a_second": .number(column(swaps, 0)),
    ]
  }
}
