internal import RatecardDiagnostics
internal import Synchronization

/// Loads a folder's card over and over and holds the last good one.
///
/// A look loads what the folder holds without exchanging anything; publishing it does. Reading the
/// current card waits for neither.
final class Reloader: Sendable {
  /// What was read last.
  fileprivate struct Content {
    var files: [SourceFile] = []
    var stamps: [FileStamp] = []
    var failure: FileFailure?

    /// Whether it says the same; what files look like from outside does not count.
    func says(_ other: Content) -> Bool {
      failure == other.failure && files.count == other.files.count
        && zip(files, other.files).allSatisfy { $0.path == $1.path && $0.bytes == $1.bytes }
    }
  }

  /// What is still to be done for the card that answers.
  private struct Rest {
    /// Tells it from that of another card.
    let number: UInt64
    let loading: Loading
    var wantsGraphs: Bool
  }

  private struct State {
    var content: Content
    /// How many looks were published.
    var looks: UInt64 = 0
    var rest: Rest?
  }

  /// What the folder holds and what that comes to.
  struct Look {
    fileprivate let content: Content
    fileprivate let change: LiveRateCard.Change
    fileprivate let loading: Loading?
    /// How many looks had been published when it began.
    fileprivate let basis: UInt64

    /// Whether there is a card that may answer.
    var isGood: Bool { if case .loaded = change { true } else { false } }
  }

  let folder: String
  private let admission: LiveRateCard.Admission
  private let lints: Bool
  private let working: @Sendable (() -> Void) -> Void
  private let onChange: @Sendable (LiveRateCard.Change) -> Void
  private let card: Mutex<RateCard>
  private let generations = Atomic<UInt64>(0)
  private let failed = Mutex<LiveRateCard.Change?>(nil)
  /// Whether somebody calls `finish` after each swap.
  let isWatched = Atomic(false)
  /// Held while somebody is told of a change.
  private let state: Mutex<State>

  init(
    folder: String, admission: LiveRateCard.Admission, lints: Bool,
    working: @escaping @Sendable (() -> Void) -> Void,
    onChange: @escaping @Sendable (LiveRateCard.Change) -> Void
  ) throws(LiveRateCard.StartFailure) {
    self.folder = folder
    self.admission = admission
    self.lints = lints
    self.working = working
    self.onChange = onChange
    let reading: FolderReader.Reading
    do { reading = try Self.readWhole(folder) } catch { throw .unreadable(error) }
    let loading = Self.load(reading.files, admission, after: nil, wantsGraphs: true)
    switch loading.result {
    case .loaded(let first, _): card = Mutex(first)
    case .refused(let report): throw .refused(report)
    }
    state = Mutex(
      State(
        content: Content(files: reading.files, stamps: reading.stamps),
        rest: lints ? Rest(number: 0, loading: loading, wantsGraphs: false) : nil))
  }

  var current: RateCard { card.withLock { $0 } }
  var generation: UInt64 { generations.load(ordering: .acquiring) }
  var lastFailure: LiveRateCard.Change? { failed.withLock { $0 } }

  /// The folders to watch; the folder alone while it cannot be read.
  func folders() -> [FilePath] {
    (try? FolderReader.look(at: folder))?.folders ?? [FilePath(folder)]
  }

  /// Whether the folder looks different from what was last read.
  func looksChanged() -> Bool {
    let (stamps, failure) = state.withLock { ($0.content.stamps, $0.content.failure) }
    do {
      let now = try FolderReader.look(at: folder)
      return failure != nil || now.stamps != stamps
    } catch {
      return failure != error
    }
  }

  // MARK: Looking

  /// Loads whatever the folder holds now.
  func reload() -> LiveRateCard.Change {
    while true {
      if let look = look(evenIfSame: true), publish(look) { return look.change }
    }
  }

  /// Loads what the folder holds; nil: what was published last.
  func look(evenIfSame: Bool = false) -> Look? {
    var look: Look?
    working { look = lookNow(evenIfSame: evenIfSame) }
    return look
  }

  private func lookNow(evenIfSame: Bool) -> Look? {
    let (before, basis) = state.withLock { ($0.content, $0.looks) }
    var content = before
    do {
      let reading = try Self.readWhole(folder)
      content = Content(files: reading.files, stamps: reading.stamps)
    } catch {
      content.failure = error
    }
    if !evenIfSame, content.says(before) {
      state.withLock { if $0.looks == basis { $0.content = content } }
      return nil
    }
    if let failure = content.failure {
      return Look(content: content, change: .unreadable(failure), loading: nil, basis: basis)
    }
    // Graphs come later, unless nobody is there to make them.
    let loading = Self.load(
      content.files, admission, after: current,
      wantsGraphs: !isWatched.load(ordering: .relaxed))
    let change: LiveRateCard.Change =
      switch loading.result {
      case .loaded(let card, let report): .loaded(card, report)
      case .refused(let report): .refused(report)
      }
    return Look(content: content, change: change, loading: loading, basis: basis)
  }

  private static func load(
    _ files: [SourceFile], _ admission: LiveRateCard.Admission, after old: RateCard?,
    wantsGraphs: Bool
  ) -> Loading {
    var loading = Loading(files, wantsGraphs: wantsGraphs)
    if admission.provesGuards { loading.prove(.guards(since: old)) }
    if let check = admission.check, let card = loading.card { loading.add(check(card)) }
    return loading
  }

  /// Reads the folder so that all files are of one moment: what it looks like before and after is
  /// the same.
  ///
  /// A folder that never rests is read as it is; the next look will find it changed.
  private static func readWhole(_ folder: String) throws(FileFailure) -> FolderReader.Reading {
    var reading = try FolderReader.read(folder)
    for _ in 0..<8 {
      let after = try FolderReader.look(at: folder)
      if after.stamps == reading.stamps { break }
      reading = try FolderReader.read(folder)
    }
    return reading
  }

  // MARK: Exchanging

  /// Exchanges the card, if the look found a good one, and tells of it; false: another look was
  /// published since this one began, so that it must be made again.
  func publish(_ look: Look) -> Bool {
    state.withLock { state in
      guard state.looks == look.basis else { return false }
      state.looks += 1
      state.content = look.content
      var old: RateCard?
      if case .loaded(let next, _) = look.change {
        old = exchange(next)
        failed.withLock { $0 = nil }
        let wantsGraphs = isWatched.load(ordering: .relaxed)
        state.rest = look.loading.flatMap { loading in
          wantsGraphs || lints
            ? Rest(number: state.looks, loading: loading, wantsGraphs: wantsGraphs) : nil
        }
      } else {
        failed.withLock { $0 = look.change }
      }
      onChange(look.change)
      withExtendedLifetime(old) {}
      return true
    }
  }

  /// Exchanges the card and answers the old one: tidying it up takes time, for which nobody who reads
  /// the new one, or is told of it, is to wait.
  private func exchange(_ next: RateCard) -> RateCard {
    let old = card.withLock { card in
      let old = card
      card = next
      return old
    }
    // After the swap, so that whoever sees the number gets that card or a later one.
    generations.add(1, ordering: .releasing)
    return old
  }

  // MARK: What a swap does not wait for

  /// Makes the card that answers faster, then looks for what lint finds of it.
  ///
  /// Asks from time to time whether there is nothing better to do; what is left then is done by the
  /// next call.
  func finish(while isWanted: () -> Bool) {
    guard let rest = state.withLock({ $0.rest }), isWanted() else { return }
    working { finish(rest, while: isWanted) }
  }

  private func finish(_ rest: Rest, while isWanted: () -> Bool) {
    var rest = rest
    if rest.wantsGraphs, let table = rest.loading.tableWithGraphs() {
      rest.wantsGraphs = false
      update(rest, isDone: !lints) { _ = exchange(current.answering(by: table)) }
    }
    guard lints, isWanted() else { return }
    var loading = rest.loading
    guard loading.prove(.all(at: nil), while: isWanted) else { return }
    update(rest, isDone: true) { onChange(.found(current, loading.report)) }
  }

  /// Notes what is left to do and does something for the card that answers, unless another card does
  /// by now.
  private func update(_ rest: Rest, isDone: Bool, _ body: () -> Void) {
    state.withLock { state in
      guard state.rest?.number == rest.number else { return }
      state.rest = isDone ? nil : rest
      body()
    }
  }
}
