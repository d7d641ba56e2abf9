internal import Glibc
internal import RatecardDiagnostics
internal import Synchronization

/// The rate card of a folder, kept up to date while the folder changes.
///
/// A card that loads replaces the one before it between two requests; one that does not is
/// reported, and the last good card stays. Every way of changing a folder is seen: files written in
/// place, renamed over, added or removed, symbolic links swapped, the folder deleted and made anew.
/// Nothing is printed.
///
///     let live = try LiveRateCard(folder: "pricing") { change in
///       if case .refused(let report) = change { alert(report) }
///     }
///     let decision = try live.current.decide(["request_type": "chat", "model": "gpt-4o"])
///
/// Whoever needs several answers of one card keeps `current` in a constant.
public final class LiveRateCard: Sendable {
  /// What a look at the folder came to.
  public enum Change: Sendable {
    /// This card answers from now on.
    case loaded(RateCard, Report)
    /// The folder's card has errors; the card before it goes on answering.
    case refused(Report)
    /// The folder could not be read; the card before it goes on answering.
    case unreadable(FileFailure)
  }

  /// Why there is no card to start with.
  public enum StartFailure: Error, Sendable {
    /// The folder could not be read.
    case unreadable(FileFailure)
    /// The folder's card has errors.
    case refused(Report)
  }

  /// How patiently a folder is watched.
  public struct Pace: Hashable, Sendable {
    /// How long the folder must be quiet before it is read, in milliseconds.
    public var settleMilliseconds: Int
    /// The longest that it is given to become quiet, in milliseconds.
    public var patienceMilliseconds: Int
    /// How often it is looked at without being told of a change, in milliseconds.
    public var pollMilliseconds: Int

    /// Makes a pace; the usual one sees every change within a second.
    public init(
      settleMilliseconds: Int = 20, patienceMilliseconds: Int = 300, pollMilliseconds: Int = 500
    ) {
      self.settleMilliseconds = settleMilliseconds
      self.patienceMilliseconds = patienceMilliseconds
      self.pollMilliseconds = pollMilliseconds
    }
  }

  private let reloader: Reloader
  private let thread: WatchThread

  /// Loads the card of `folder` and begins to watch it.
  ///
  /// With `provingGuards` a card that breaks one of its guards, or of which one cannot be proved, is
  /// refused; guards on change are held against the card that answers at the time.
  ///
  /// `onChange` is called after the swap, on a thread of the watch's own, one change at a time. It is
  /// not called for the card that is loaded here.
  public init(
    folder: String, provingGuards: Bool = false, pace: Pace = Pace(),
    onChange: @escaping @Sendable (Change) -> Void = { _ in }
  ) throws(StartFailure) {
    let reloader = try Reloader(
      folder: folder, provesGuards: provingGuards, onChange: onChange)
    self.reloader = reloader
    thread = WatchThread(reloader: reloader, pace: pace)
  }

  deinit { thread.stop() }

  /// The card that answers now.
  ///
  /// Cheap, and safe from any thread.
  public var current: RateCard { reloader.current }

  /// How many cards have taken the place of one before.
  ///
  /// Reading it waits for nobody: a worker that answers many requests keeps a `RequestBuffer`, and makes a new one for `current` when this has changed.
  public var generation: UInt64 { reloader.generation }

  /// What came of the last look that found something new, if it was not a good card.
  public var lastFailure: Change? { reloader.lastFailure }

  /// Reads the folder now, whether or not it changed, and says what came of it.
  ///
  /// Returns after the swap; `onChange` is told as well, and must not call this itself.
  @discardableResult
  public func reload() -> Change { reloader.reload() }

  /// Ends the watch.
  ///
  /// The current card stays.
  ///
  /// When it returns, `onChange` is not called any more, but for a call that it was made from.
  public func stop() { thread.stop() }
}
