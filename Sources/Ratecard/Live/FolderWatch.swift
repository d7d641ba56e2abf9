internal import Glibc

/// Wakes its thread when something changes in a set of folders, or when it is told to.
///
/// Folders are watched themselves; of a folder's parent only what bears the folder's name counts, so
/// that a busy neighbour does not wake anybody. Missing a change is allowed: whoever waits also
/// looks from time to time. Used by one thread.
final class FolderWatch {
  /// What ended a wait.
  enum Wake {
    case changed, timedOut, stopped
  }

  /// A name in a watched folder.
  private struct Place: Hashable {
    let folder: Int32
    let name: [UInt8]
  }

  private let notifier: Int32
  private let stopper: Int32
  private var names: [Int32: Set<String>] = [:]
  /// Rate-card files that were begun and not closed yet.
  private var written: Set<Place> = []
  /// Whether a change was seen that no wait has told of.
  private var hasNews = false
  /// When the last change was seen.
  private(set) var lastChange = FolderWatch.milliseconds()

  /// Starts to listen on `stopper`, a pipe's end that stays its caller's.
  init(stopper: Int32) {
    self.stopper = stopper
    // Without the kernel's help (a limit is reached) the waits simply time out.
    notifier = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
  }

  deinit { if notifier >= 0 { close(notifier) } }

  /// Watches these folders, and the name of the first of them in its parent.
  ///
  /// A folder that is watched already and still is the same folder is not disturbed; one that was
  /// replaced gets a new watch.
  func watch(_ folders: [FilePath], root: String) {
    guard notifier >= 0 else { return }
    let contents = UInt32(
      IN_CLOSE_WRITE | IN_MODIFY | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB
        | IN_DELETE_SELF | IN_MOVE_SELF)
    var kept: Set<Int32> = []
    let (parent, name) = Self.split(root)
    // Adding the same folder twice gives the same descriptor, so that this may be repeated.
    let arrivals = UInt32(IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB)
    let above = inotify_add_watch(notifier, parent, arrivals)
    for folder in folders {
      let descriptor = inotify_add_watch(notifier, folder.bytes, contents)
      guard descriptor >= 0 else { continue }
      kept.insert(descriptor)
      names[descriptor] = []
    }
    if above >= 0, !kept.contains(above) {
      kept.insert(above)
      names[above] = [name]
    }
    for gone in names.keys where !kept.contains(gone) {
      inotify_rm_watch(notifier, gone)
      names[gone] = nil
    }
  }

  private static func split(_ folder: String) -> (parent: String, name: String) {
    var path = Substring(folder)
    while path.utf8.count > 1, path.hasSuffix("/") { path.removeLast() }
    guard let slash = path.lastIndex(of: "/") else { return (".", String(path)) }
    let parent = slash == path.startIndex ? "/" : String(path[..<slash])
    return (parent, String(path[path.index(after: slash)...]))
  }

  /// Waits until something changes, the time is over or the stopper's other end is closed.
  ///
  /// Without time left it only looks.
  func wait(milliseconds: Int) -> Wake {
    let deadline = Self.milliseconds() + milliseconds
    while true {
      if hasNews {
        hasNews = false
        return .changed
      }
      var waits = [
        pollfd(fd: stopper, events: Int16(POLLIN), revents: 0),
        pollfd(fd: notifier, events: Int16(POLLIN), revents: 0),
      ]
      let left = max(0, deadline - Self.milliseconds())
      let ready = poll(&waits, notifier >= 0 ? 2 : 1, Int32(clamping: left))
      if ready < 0, errno != EINTR { return .stopped }
      if ready == 0 { return .timedOut }
      if waits[0].revents != 0 { return .stopped }
      if waits[1].revents != 0 { drain() }
      if !hasNews, Self.milliseconds() >= deadline { return .timedOut }
    }
  }

  /// Whether nothing waits to be told, and nobody wants an end.
  var isQuiet: Bool {
    drain()
    var end = pollfd(fd: stopper, events: Int16(POLLIN), revents: 0)
    // A signal that comes meanwhile is no news.
    return !hasNews && poll(&end, 1, 0) <= 0
  }

  /// Whether a rate-card file is being written.
  var isBeingWritten: Bool { !written.isEmpty }

  /// Takes files that were begun for finished.
  func forgetWriters() { written = [] }

  /// Counts a change from now that was not seen by watching.
  func noteChange() { lastChange = Self.milliseconds() }

  /// Milliseconds since some moment.
  static func milliseconds() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
  }

  /// Takes all waiting events.
  private func drain() {
    guard notifier >= 0 else { return }
    var buffer = [UInt8](repeating: 0, count: 16 << 10)
    let header = MemoryLayout<inotify_event>.size
    while true {
      let length = read(notifier, &buffer, buffer.count)
      guard length > 0 else { return }
      var offset = 0
      while offset + header <= length {
        let event = buffer.withUnsafeBytes {
          // SAFETY: the kernel writes whole events; the header's bytes lie within what was read.
          $0.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
        }
        let end = min(offset + header + Int(event.len), length)
        take(event, Array(buffer[(offset + header)..<end].prefix { $0 != 0 }))
        offset = end
      }
    }
  }

  private func take(_ event: inotify_event, _ name: [UInt8]) {
    if let wanted = names[event.wd], !wanted.isEmpty, event.mask & UInt32(IN_Q_OVERFLOW) == 0 {
      guard wanted.contains(String(decoding: name, as: UTF8.self)) else { return }
    } else {
      noteWriting(Place(folder: event.wd, name: name), event.mask)
    }
    hasNews = true
    lastChange = Self.milliseconds()
  }

  /// A file is being written from its first bytes on until its writer closes it, or it goes.
  private func noteWriting(_ place: Place, _ mask: UInt32) {
    if mask & UInt32(IN_MODIFY | IN_CREATE) != 0 {
      if mask & UInt32(IN_ISDIR) == 0, FolderEntry.isRateCard(place.name) { written.insert(place) }
    } else if mask & UInt32(IN_CLOSE_WRITE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO) != 0 {
      written.remove(place)
    }
  }
}
