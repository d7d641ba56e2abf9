internal import RatecardDiagnostics
internal import Synchronization

/// Loads a folder's card over and over and holds the last good one.
///
/// Loads come one at a time; reading the current card never waits for one.
final class Reloader: Sendable {
  /// What the last load read.
  private struct Attempt {
    var files: [SourceFile] = []
    var stamps: [FileStamp] = []
    var failure: FileFailure?
  }

  let folder: String
  private let provesGuards: Bool
  private let onChange: @Sendable (LiveRateCard.Change) -> Void
  private let card: Mutex<RateCard>
  private let generations = Atomic<UInt64>(0)
  private let failed = Mutex<LiveRateCard.Change?>(nil)
  /// Held during a load.
  private let attempt: Mutex<Attempt>

  init(
    folder: String, provesGuards: Bool, onChange: @escaping @Sendable (LiveRateCard.Change) -> Void
  ) throws(LiveRateCard.StartFailure) {
    self.folder = folder
    self.provesGuards = provesGuards
    self.onChange = onChange
    let reading: FolderReader.Reading
    do { reading = try Self.readWhole(folder) } catch { throw .unreadable(error) }
    switch RateCard.load(files: reading.files, proving: provesGuards ? .guards() : .none) {
    case .loaded(let first, _): card = Mutex(first)
    case .refused(let report): throw .refused(report)
    }
    attempt = Mutex(Attempt(files: reading.files, stamps: reading.stamps))
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
    let last = attempt.withLock { ($0.stamps, $0.failure) }
    do {
      let now = try FolderReader.look(at: folder)
      return last.1 != nil || now.stamps != last.0
    } catch {
      return last.1 != error
    }
  }

  /// Loads whatever the folder holds now.
  func reload() -> LiveRateCard.Change {
    attempt.withLock { attempt in
      let change = load(&attempt)
      publish(change)
      return change
    }
  }

  /// Loads the folder unless it holds what the last load found.
  func reloadIfChanged() {
    attempt.withLock { attempt in
      let before = attempt
      let change = load(&attempt)
      if attempt.failure == before.failure, isSame(attempt.files, before.files) { return }
      publish(change)
    }
  }

  private func load(_ attempt: inout Attempt) -> LiveRateCard.Change {
    do {
      let reading = try Self.readWhole(folder)
      attempt = Attempt(files: reading.files, stamps: reading.stamps)
    } catch {
      attempt.failure = error
      return .unreadable(error)
    }
    let proofs: RateCard.Proofs = provesGuards ? .guards(since: current) : .none
    return switch RateCard.load(files: attempt.files, proving: proofs) {
    case .loaded(let card, let report): .loaded(card, report)
    case .refused(let report): .refused(report)
    }
  }

  private func publish(_ change: LiveRateCard.Change) {
    if case .loaded(let next, _) = change {
      card.withLock { $0 = next }
      // After the swap, so that whoever sees the number gets that card or a later one.
      generations.add(1, ordering: .releasing)
      failed.withLock { $0 = nil }
    } else {
      failed.withLock { $0 = change }
    }
    onChange(change)
  }

  private func isSame(_ left: [SourceFile], _ right: [SourceFile]) -> Bool {
    left.count == right.count
      && zip(left, right).allSatisfy { $0.path == $1.path && $0.bytes == $1.bytes }
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
}
