internal import Glibc
public import Ratecard
internal import RatecardModel
public import RatecardValues
internal import Synchronization

/// Prices usage of the past by a card, and by another one to compare with.
///
/// Usage is read once, in chunks that several threads work on; what is added up is exact and the same
/// however many they are. Memory does not grow with the usage, but for the groups that rows fall into.
public struct Backtest: Sendable {
  /// What was done so far.
  public struct Progress: Sendable {
    /// How many rows were read.
    public let rows: Int
    /// How many bytes they have, without compression.
    public let bytes: Int

    /// Makes a state.
    public init(rows: Int, bytes: Int) { (self.rows, self.bytes) = (rows, bytes) }
  }

  /// Where a line for each row goes.
  public struct Lines {
    let format: RowFormat
    let write: (UnsafeRawBufferPointer) -> Int32

    /// Writes in a format; `write` returns 0 or the system's error number.
    public init(_ format: RowFormat, write: @escaping (UnsafeRawBufferPointer) -> Int32) {
      (self.format, self.write) = (format, write)
    }
  }

  /// The card that prices.
  public let card: RateCard
  /// The card to compare with; nil: none.
  public let old: RateCard?
  /// The time of all rows, whatever they say; nil: each says its own.
  public let at: Instant?
  /// The columns that are looked at.
  public let columns: UsageColumns
  /// How many threads work.
  public let threads: Int

  /// The zone of times in the log that say none; nil: they must say one.
  public var zone: Zone?
  /// Whether rows are added up by customer even where no cards are compared.
  public var countsCustomers = false

  // Tests cut chunks anywhere, and price every row by itself.
  var chunkSize = UsageInput.chunkSize
  var isQuick = true

  /// Prepares to price; `map` says which columns are which attributes, beside those that have their
  /// names; rows that do not say the attributes of `constants` have the values spelled there, and are
  /// grouped by `groups`, attributes or columns.
  public init(
    _ card: RateCard, against old: RateCard? = nil,
    map: [(column: String, attribute: String)] = [],
    constants: [(attribute: String, text: String)] = [], groups: [String] = [], at: Instant? = nil,
    threads: Int = Backtest.processors
  ) {
    (self.card, self.old, self.at, self.threads) = (card, old, at, max(1, threads))
    columns = UsageColumns(
      attributes: Self.attributes(of: [card] + (old.map { [$0] } ?? [])), map: map,
      constants: constants, groups: groups)
  }

  /// How many processors there are, but no more than are of use.
  public static var processors: Int { min(8, max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

  /// The attributes that rows may carry for one of some cards.
  public static func attributes(of cards: [RateCard]) -> [String] {
    var names: [String] = []
    for card in cards {
      for attribute in card.model.attributes
      where (attribute.origin == .builtIn || attribute.origin == .declared)
        && !names.contains(attribute.name)
      {
        names.append(attribute.name)
      }
    }
    return names
  }

  /// The decimals in which both cards' amounts are whole.
  var decimals: Int {
    max(card.model.credit.decimals, old?.model.credit.decimals ?? 0)
  }

  /// Prices usage; `progress` is told now and then how far that is.
  public func run(
    _ usage: [UsageSource], lines: Lines? = nil, progress: @escaping (Progress) -> Void = { _ in }
  ) throws(UsageFailure) -> BacktestReport {
    let shared = BacktestRun(self, usage, lines, progress)
    if !shared.writeHeader() { throw shared.failure ?? .overflow }
    let workers = (0..<threads).map { _ in BacktestWorker(self, shared) }
    withThreads(workers.dropFirst()) { workers[0].run() }
    if let failure = shared.failure { throw failure }
    let tally = workers[0].tally
    for worker in workers.dropFirst() { tally.add(worker.tally) }
    guard !tally.hasTooManyGroups else { throw shared.groupFailure(tally) }
    return try BacktestReport(self, tally, sources: usage.map(\.name))
  }

  /// Runs workers on threads of their own while `body` runs, and waits for all of them.
  private func withThreads(_ workers: ArraySlice<BacktestWorker>, _ body: () -> Void) {
    guard let worker = workers.first else { return body() }
    // Without a thread the others do its work.
    guard let thread = WorkerThread({ worker.run() }) else { return body() }
    withThreads(workers.dropFirst(), body)
    thread.join()
  }
}

/// What the workers of a run share.
final class BacktestRun: @unchecked Sendable {
  // SAFETY: `lines` is used within turns only, `progress` with `state` held; the rest is constant.
  let input: UsageInput
  let turn = Turn()
  let lines: Backtest.Lines?
  private let backtest: Backtest
  private let sources: [String]
  private let progress: (Backtest.Progress) -> Void
  private let state = Mutex(State())

  private struct State {
    var failure: UsageFailure?
    var rows = 0
    var bytes = 0
  }

  init(
    _ backtest: Backtest, _ usage: [UsageSource], _ lines: Backtest.Lines?,
    _ progress: @escaping (Backtest.Progress) -> Void
  ) {
    (self.backtest, self.lines, self.progress) = (backtest, lines, progress)
    sources = usage.map(\.name)
    input = UsageInput(usage, backtest.columns, chunkSize: backtest.chunkSize)
  }

  /// Why the run ended early.
  var failure: UsageFailure? { state.withLock { $0.failure } }

  /// Ends the run.
  func fail(_ failure: UsageFailure) {
    state.withLock { $0.failure = $0.failure ?? failure }
    input.stop()
    turn.end()
  }

  /// What is said of too many groups.
  func groupFailure(_ tally: Tally) -> UsageFailure {
    let isAsked = tally.groups?.isTooLarge ?? false
    let names = isAsked ? backtest.columns.groupNames : ["customer"]
    let hasTooMany = (isAsked ? tally.groups : tally.customers)?.hasTooMany ?? false
    return hasTooMany
      ? .groups(by: names, limit: GroupTable.limit)
      : .groupNames(by: names, limit: GroupTable.byteLimit)
  }

  /// Counts what was done.
  func advance(rows: Int, bytes: Int) {
    state.withLock {
      $0.rows += rows
      $0.bytes += bytes
      progress(Backtest.Progress(rows: $0.rows, bytes: $0.bytes))
    }
  }

  /// Makes what writes lines; nil: nobody wants them.
  func rowLines() -> RowLines? {
    lines.map {
      RowLines(
        $0.format, sources, backtest.columns, backtest.card, decimals: backtest.decimals,
        compares: backtest.old != nil)
    }
  }

  /// Writes what stands before all lines; false: that cannot be written.
  func writeHeader() -> Bool {
    guard var lines = rowLines() else { return true }
    lines.writeHeader()
    return write(lines.bytes)
  }

  /// Writes some lines; false: they cannot be written, and the run ends.
  func write(_ bytes: [UInt8]) -> Bool {
    guard let lines, !bytes.isEmpty else { return true }
    let number = bytes.withUnsafeBytes { lines.write($0) }
    if number != 0 { state.withLock { $0.failure = $0.failure ?? .output(number: number) } }
    return number == 0
  }
}

/// Prices one chunk after another.
final class BacktestWorker: @unchecked Sendable {
  // SAFETY: one thread uses it while it runs, and another only after that.
  let tally: Tally
  private let shared: BacktestRun
  private let pricer: RowPricer
  private let oldPricer: RowPricer?
  private let reader: RowReader
  private let batch: RowBatch
  private let chunk: Chunk
  private var lines: RowLines?

  init(_ backtest: Backtest, _ shared: BacktestRun) {
    self.shared = shared
    let columns = backtest.columns
    func pricer(_ card: RateCard) -> RowPricer {
      RowPricer(
        card, columns, decimals: backtest.decimals, at: backtest.at, zone: backtest.zone,
        isQuick: backtest.isQuick)
    }
    self.pricer = pricer(backtest.card)
    oldPricer = backtest.old.map(pricer)
    reader = RowReader(columns)
    batch = RowBatch(width: columns.all.count)
    chunk = Chunk(capacity: backtest.chunkSize)
    lines = shared.rowLines()
    tally = Tally(
      ruleCount: backtest.card.model.costs.count,
      oldRuleCount: backtest.old?.model.costs.count, columns: columns,
      countsCustomers: backtest.countsCustomers)
  }

  /// Works until there is nothing more, or something is wrong.
  func run() {
    do throws(UsageFailure) {
      while try shared.input.next(chunk) {
        let rows = price()
        if tally.hasTooManyGroups { return shared.fail(shared.groupFailure(tally)) }
        if let bytes = lines?.bytes {
          var isWritten = true
          guard shared.turn.take(chunk.sequence, { isWritten = shared.write(bytes) }) else {
            return
          }
          if !isWritten { return shared.fail(shared.failure ?? .overflow) }
        }
        shared.advance(rows: rows, bytes: chunk.count - chunk.start)
      }
    } catch {
      shared.fail(error)
    }
  }

  /// Prices the rows of the chunk; how many there are.
  private func price() -> Int {
    var rows = 0
    lines?.empty()
    reader.begin(chunk)
    while reader.fill(batch) {
      rows += batch.count
      pricer.price(batch)
      oldPricer?.price(batch)
      tally.add(batch, pricer, oldPricer, source: chunk.source)
      lines?.add(batch, pricer, oldPricer, source: chunk.source)
    }
    return rows
  }
}
