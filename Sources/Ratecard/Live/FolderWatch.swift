internal import Glibc

/// Wakes its thread when something changes in a set of folders, or when it is told to.
///
/// Folders are watched themselves; of a folder's parent only what bears the folder's name counts, so
/// that a busy neighbour does not wake anybody. Missing a change is allowed: whoever waits also
/// looks from time to time.
struct FolderWatch: ~Copyable {
  /// What ended a wait.
  enum Wake {
    case changed, timedOut, stopped
  }

  private let notifier: Int32
  private let stopper: Int32
  private var names: [Int32: Set<String>] = [:]

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
  mutating func watch(_ folders: [FilePath], root: String) {
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
  func wait(milliseconds: Int32) -> Wake {
    let deadline = Self.milliseconds() + Int64(milliseconds)
    while true {
      var waits = [
        pollfd(fd: stopper, events: Int16(POLLIN), revents: 0),
        pollfd(fd: notifier, events: Int16(POLLIN), revents: 0),
      ]
      let left = max(0, deadline - Self.milliseconds())
      let ready = poll(&waits, notifier >= 0 ? 2 : 1, Int32(clamping: left))
      if ready < 0, errno != EINTR { return .stopped }
      if ready == 0 { return .timedOut }
      if waits[0].revents != 0 { return .stopped }
      if waits[1].revents != 0, drain() { return .changed }
      if Self.milliseconds() >= deadline { return .timedOut }
    }
  }

  private static func milliseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }

  /// Takes all waiting events; whether one of them counts.
  private func drain() -> Bool {
    var counts = false
    var buffer = [UInt8](repeating: 0, count: 16 << 10)
    let header = MemoryLayout<inotify_event>.size
    while true {
      let length = read(notifier, &buffer, buffer.count)
      guard length > 0 else { return counts }
      var offset = 0
      while offset + header <= length {
        let event = buffer.withUnsafeBytes {
          // SAFETY: the kernel writes whole events; the header's bytes lie within what was read.
          $0.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
        }
        let end = min(offset + header + Int(event.len), length)
        let name = buffer[(offset + header)..<end].prefix { $0 != 0 }
        let wanted = names[event.wd]
        if wanted == nil || wanted == [] || event.mask & UInt32(IN_Q_OVERFLOW) != 0 {
          counts = true
        } else if wanted?.contains(String(decoding: name, as: UTF8.self)) == true {
          counts = true
        }
        offset = end
      }
    }
  }
}
