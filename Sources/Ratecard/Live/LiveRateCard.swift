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
    /// All that lint finds of the card that answers; only told where it is wanted.
    case found(RateCard, Report)
  }

  /// Why there is no card to start with.
  public enum StartFailure: Error, Sendable {
    /// The folder could not be read.
    case unreadable(FileFailure)
    /// The folder's card has errors.
    case refused(Report)
  }

  /// What a card has to pass before it answers, beyond loading.
  public struct Admission: Sendable {
    /// Whether its guards must be proved; those on change, against the card that answers at the time.
    public var provesGuards: Bool
    /// What else is held against it: a report with an error refuses the card, and what else it says
    /// is told with the card.
    ///
    /// The report's files begin with the card's. Called on the thread that loads, before the card
    /// answers anybody.
    public var check: (@Sendable (RateCard) -> Report)?

    /// Makes an admission; the usual one asks for nothing but a card that loads.
    public init(
      provesGuards: Bool = false, check: (@Sendable (RateCard) -> Report)? = nil
    ) {
      self.provesGuards = provesGuards
      self.check = check
    }
  }

  /// How patiently a folder is watched.
  public struct Pace: Hashable, Sendable {
    /// How long the folder must be quiet before a good card takes over, in milliseconds.
    ///
    /// Files that are written one after another are read together if no more time passes between
    /// them. Loading the card counts: one that takes longer to load does not wait.
    public var pauseMilliseconds: Int
    /// How long the folder must be quiet while a file is being written, or before a card that is no
    /// good is reported, in milliseconds.
    public var settleMilliseconds: Int
    /// The longest that it is given to become quiet, in milliseconds.
    public var patienceMilliseconds: Int
    /// How often it is looked at without being told of a change, in milliseconds.
    public var pollMilliseconds: Int

    /// Makes a pace; the usual one sees every change within a second.
    public init(
      pauseMilliseconds: Int = 5, settleMilliseconds: Int = 20, patienceMilliseconds: Int = 300,
      pollMilliseconds: Int = 500
    ) {
      self.pauseMilliseconds = pauseMilliseconds
      self.settleMilliseconds = settleMilliseconds
      self.patienceMilliseconds = patienceMilliseconds
      self.pollMilliseconds = pollMilliseconds
    }
  }

  private let reloader: Reloader
  private let thread: WatchThread

  /// Loads the card of `folder` and begins to watch it.
  ///
  /// `admission` is what this card and every later one must pass. With `lintsAfterwards` whatever lint
  /// finds of a card that answers is told as `.found`, the first card's too: looked for after the
  /// swap, and given up for a newer card.
  ///
  /// `onChange` is called after the swap, on a thread of the watch's own, one change at a time. It is
  /// not told that the card loaded here did.
  ///
  /// `working` is given the work of loading a later card, and of linting one, on the thread that does
  /// it: a process in which others are to have the processor first can see to that around it.
  public init(
    folder: String, admission: Admission = Admission(), lintsAfterwards: Bool = false,
    pace: Pace = Pace(), onChange: @escaping @Sendable (Change) -> Void = { _ in },
    working: @escaping @Sendable (() -> Void) -> Void = { $0() }
  ) throws(StartFailure) {
    let reloader = try Reloader(
      folder: folder, admission: admission, lints: lintsAfterwards, working: working,
      onChange: onChange)
    self.reloader = reloader
    thread = WatchThread(reloader: reloader, pace: pace)
  }

  deinit { thread.stop() }

  /// The card that answers now.
  ///
  /// Cheap, and safe from any thread.
  public var current: RateCard { reloader.current }

  /// How many times what answers was exchanged: for another card, or for a faster form of the same.
  ///
  /// Reading it waits for nobody: a worker that answers many requests keeps a `RequestBuffer`, and
  /// makes a new one for `current` when this has changed.
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
