internal import Foundation
internal import RatecardJSON
internal import RatecardStore
internal import RatecardTestSupport
internal import RatecardValues
internal import Synchronization

extension Benchmark {
  /// Recording usage in SQLite, against appending the same bytes to a file.
  static let store = Benchmark(
    name: "store",
    summary: "usage recorded in groups, each durable, against raw append + fdatasync of the same"
  ) { bench in
    print(
      "    group   events/s  raw append/s   ratio   CPU us/event   commit ms: median, 99%, most")
    return ["groups": .array(try [1, 10, 100, 1000].map { try StoreBenchmark($0, bench).run() })]
  }
}

/// Groups of one size, recorded while another thread makes checkpoints as a service does.
struct StoreBenchmark {
  struct Failure: Error {
    let reason: String
  }

  private let size: Int
  private let folder: URL

  init(_ size: Int, _ bench: Bench) throws {
    self.size = size
    folder = URL(filePath: bench.path("store"))
    try? FileManager.default.removeItem(at: folder)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  func run() throws -> JSONValue {
    let store = try Store.open("sqlite:\(folder.path())/store.db", serving: true)
    let raw = open(folder.path() + "/raw", O_CREAT | O_WRONLY | O_APPEND, 0o600)
    guard raw >= 0 else { throw Failure(reason: "no file to append to") }
    defer { close(raw) }
    let isDone = Atomic(false)
    let checkpoints = Thread {
      while !isDone.load(ordering: .relaxed) {
        try? store.checkpoint()
        usleep(200_000)
      }
    }
    checkpoints.start()
    defer { isDone.store(true, ordering: .relaxed) }
    var events = EventSource()
    var laps: [(store: Double, raw: Double, processor: Double)] = []
    var waits: [Double] = []
    let groups = max(20, 4000 / size)
    for _ in 0..<7 {
      let batches = (0..<groups).map { _ in (0..<size).map { _ in events.next() } }
      let bytes = batches.map { batch in
        batch.flatMap { event -> [UInt8] in
          guard case .usage(let event) = event else { return [] }
          return EventSource.bytes(event)
        }
      }
      let processor = Self.processorTime()
      let began = ContinuousClock.now
      for batch in batches {
        let start = ContinuousClock.now
        guard try store.commit(batch).count == size else { throw Failure(reason: "it lost some") }
        waits.append((ContinuousClock.now - start) / .milliseconds(1))
      }
      let middle = ContinuousClock.now
      let used = Self.processorTime() - processor
      for batch in bytes {
        guard write(raw, batch, batch.count) == batch.count, fdatasync(raw) == 0 else {
          throw Failure(reason: "the file cannot be appended to")
        }
      }
      let end = ContinuousClock.now
      let count = Double(groups * size)
      laps.append(
        (
          count / ((middle - began) / .seconds(1)), count / ((end - middle) / .seconds(1)),
          used / count
        ))
    }
    waits.sort()
    let best = laps.max { $0.store / $0.raw < $1.store / $1.raw } ?? laps[0]
    let middle = laps.sorted { $0.store / $0.raw < $1.store / $1.raw }[laps.count / 2]
    let processor = laps.map(\.processor).min() ?? 0
    let (median, late, most) = (
      waits[waits.count / 2], waits[waits.count * 99 / 100], waits[waits.count - 1]
    )
    print(
      column(Double(size), 9) + column(middle.store, 11) + column(middle.raw, 14)
        + String(format: "%8.2f (best %.2f)", middle.store / middle.raw, best.store / best.raw)
        + column(processor, 9) + column(median, 12) + column(late, 7) + column(most, 7))
    return [
      "group": .number("\(size)"), "events_per_second": .number(column(middle.store, 0)),
      "raw_per_second": .number(column(middle.raw, 0)),
      "processor_microseconds": .number(column(processor, 0)),
      "longest_commit_milliseconds": .number(column(most, 0)),
    ]
  }

  /// What this thread has used of a processor, in microseconds.
  private static func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
  }
}

/// Usage of 100,000 customers.
private struct EventSource {
  private var random = SplitMix(seed: 11)
  private let now = Instant(seconds: 1_780_000_000) ?? .earliest
  private static let digits = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

  mutating func next() -> Change {
    let id = String(decoding: (0..<26).map { _ in Self.digits[random.below(32)] }, as: UTF8.self)
    return .usage(
      UsageEvent(
        id: id, customer: "cus_\(random.below(100_000))", occurredAt: now, recordedAt: now,
        credits: Number(1 + random.below(20)), rule: "cost-claude-sonnet", ratecard: "cursor",
        version: "5f2a9c0d11e84b7e", decision: "dec_\(random.below(1 << 30))",
        attributes: #"{"request_type":"agent","model":"claude-sonnet-4","input_tokens":"#
          + #"\#(random.below(100_000)),"output_tokens":\#(random.below(9000)),"plan":"pro"}"#,
        fingerprint: (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }))
  }

  /// What of an event has to be on the disk.
  static func bytes(_ event: UsageEvent) -> [UInt8] {
    let texts = [
      event.id, event.customer, event.rule, event.ratecard, event.version, event.decision ?? "",
      event.attributes, event.credits.description,
    ]
    return texts.flatMap { Array($0.utf8) } + event.fingerprint + [UInt8](repeating: 0, count: 16)
  }
}
