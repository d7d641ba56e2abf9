internal import Foundation
internal import Ratecard
internal import RatecardDiagnostics
internal import RatecardJSON
internal import RatecardModel
internal import RatecardReplay
internal import RatecardValues
internal import RatecardWorkloads
internal import Synchronization

/// How long a live card takes from a file's change to answers by the new card, whose guards are
/// proved and whose tests are run in between.
struct ReloadBenchmark {
  /// The most milliseconds that may pass, by rules.
  private static let most = [1_000: 20.0, 10_000: 150]
  /// How many tests the card has, beside its three guards.
  private static let testCount = 20
  private static let runs = 31

  /// A change did not become a card that answers.
  struct NoCard: Error {}

  /// Tells when a card took over.
  private final class Swaps: Sendable {
    private let last = Mutex<ContinuousClock.Instant?>(nil)

    func note(_ change: LiveRateCard.Change) {
      if case .loaded = change { last.withLock { $0 = .now } }
    }

    /// When the next one does.
    func wait(until deadline: ContinuousClock.Instant) throws -> ContinuousClock.Instant {
      while ContinuousClock.now < deadline {
        if let time = last.withLock({ $0.take() }) { return time }
        usleep(200)
      }
      throw NoCard()
    }
  }

  let bench: Bench

  func run(rules: Int) throws -> JSONValue {
    let card = try Self.withTests(LargeCard(rules: rules).text)
    let folder = try bench.folder(with: Workload(name: "reload-\(rules)", text: card))
    let swaps = Swaps()
    let live = try LiveRateCard(
      folder: folder, admission: .init(provesGuards: true) { $0.failingTests() }
    ) { swaps.note($0) }
    defer { live.stop() }
    var times: [Duration] = []
    var processor: [Duration] = []
    for run in 0..<Self.runs {
      let generation = live.generation
      let next = folder + "/.next"
      try Data((card + "# \(run)\n").utf8).write(to: URL(filePath: next))
      let (start, used) = (ContinuousClock.now, Self.processorTime())
      guard rename(next, folder + "/card.yaml") == 0 else { throw NoCard() }
      times.append(try swaps.wait(until: start + .seconds(60)) - start)
      processor.append(Self.processorTime() - used)
      // What follows a swap is not to be in the way of the next one.
      while live.generation < generation + 2, start + .seconds(60) > .now { usleep(1_000) }
    }
    let (spread, used) = (Measurement.Spread(times), Measurement.Spread(processor))
    let most = Self.most[rules] ?? .infinity
    let verdict = spread.least / .milliseconds(1) <= most ? "met" : "MISSED"
    print(
      "\(rules) rules, milliseconds: \(spread.columns), at most \(column(most, 0)): \(verdict); "
        + "of the processor:\(used.columns)")
    return [
      "rules": .number("\(rules)"), "tests": .number("\(Self.testCount)"),
      "guards": .number("\(live.current.model.guards.count)"),
      "wall_microseconds": spread.json, "processor_microseconds": used.json,
      "most_milliseconds": .number(column(most, 0)),
    ]
  }

  /// What this process has taken of processors so far.
  private static func processorTime() -> Duration {
    var usage = rusage()
    getrusage(RUSAGE_SELF.rawValue, &usage)
    return .seconds(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
      + .microseconds(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)
  }

  /// The card with tests of what it answers.
  private static func withTests(_ text: String) throws -> String {
    let file = SourceFile(path: "card.yaml", bytes: Array(text.utf8))
    let card = try RateCard.loaded(RateCard.load(files: [file]))
    let types = ["chat", "composer", "agent", "search", "review", "tab_completion", "embedding"]
    let models = card.model.models.models.map(\.name.string)
    let plans = card.model.plans.map(\.name.string)
    var tests = "\ntests:\n"
    for number in 0..<testCount {
      let values = [
        ("request_type", types[number % types.count]),
        ("model", models[number * 7 % models.count]), ("plan", plans[number % plans.count]),
        ("input_tokens", "\((number + 1) * 10_000)"), ("output_tokens", "\(number * 100)"),
        ("at", "2027-03-0\(number % 9 + 1)"),
      ]
      let quote = try card.price(
        Dictionary(uniqueKeysWithValues: values.map { ($0, RequestValue.text($1)) }))
      let answer =
        switch quote.outcome {
        case .priced(let credits): "credits: \(credits)"
        case .denied: "denied: present"
        }
      let request = values.map { "\($0): \($1)" }.joined(separator: ", ")
      tests += "  - {name: test \(number), price: {\(request)}, expect: {\(answer)}}\n"
    }
    return text + tests
  }
}
