import Foundation
import Synchronization

/// The `ratecard` that was just built, running.
///
/// What it writes to standard error is kept line by line. It is killed when nobody holds it any
/// more, and with these tests.
final class Program: Sendable {
  struct NotStarted: Error { let code: Int32 }

  /// What is left to wait for.
  private struct State: Sendable {
    var lines: [String] = []
    /// What has come of a line whose end has not.
    var pending: [UInt8] = []
    var hasClosed = false
    var status: Int32?
  }

  let id: pid_t
  /// Where what it writes is read.
  private let end: Int32
  private let state = Mutex(State())

  /// Starts it, below another program where one is named.
  init(
    _ arguments: [String], environment: [String: String] = [:], below wrapper: [String] = []
  ) throws {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw NotStarted(code: errno) }
    // Another process that held the writing end would keep the reading one open.
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", Int32(O_RDONLY), 0)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", Int32(O_WRONLY), 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 2)
    var inherited = ProcessInfo.processInfo.environment
    inherited["RATECARD_API_TOKEN"] = nil
    inherited["NO_COLOR"] = "1"
    let variables = inherited.merging(environment) { $1 }.map { "\($0.key)=\($0.value)" }
    let line = wrapper + [Self.built.path] + arguments
    let path = line[0]
    var words = line.map { strdup($0) } + [nil]
    var settings = variables.map { strdup($0) } + [nil]
    defer { for text in words + settings { free(text) } }
    var id = pid_t()
    let code = posix_spawn(&id, path, &actions, nil, &words, &settings)
    close(ends[1])
    guard code == 0 else {
      close(ends[0])
      throw NotStarted(code: code)
    }
    self.id = id
    Self.started.withLock { _ = $0.insert(id) }
    Self.killsAtExit()
    let end = ends[0]
    self.end = end
    _ = fcntl(end, F_SETFL, O_NONBLOCK)
    Thread.detachNewThread { [weak self] in
      var isOpen = true
      while isOpen {
        var wait = pollfd(fd: end, events: Int16(POLLIN), revents: 0)
        Foundation.poll(&wait, 1, -1)
        isOpen = self?.state.withLock { Self.read(end, &$0) } ?? false
      }
      close(end)
    }
  }

  deinit {
    guard state.withLock({ $0.status }) == nil else { return }
    kill(id, SIGKILL)
    var status: Int32 = 0
    waitpid(id, &status, 0)
    Self.started.withLock { _ = $0.remove(id) }
  }

  /// The lines written so far, whether or not the thread has come to read them.
  var lines: [String] {
    state.withLock { state in
      if !state.hasClosed { _ = Self.read(end, &state) }
      return state.lines
    }
  }

  func send(_ signal: Int32) {
    if state.withLock({ $0.status }) == nil { kill(id, signal) }
  }

  /// Waits for the end, and for all that was written: the exit code, or a signal's number below
  /// zero; nil: it still runs.
  func waitForEnd(within seconds: Double = 60) -> Int32? {
    eventually(within: seconds) { state.withLock { $0.hasClosed } ? poll() : nil }
  }

  private func poll() -> Int32? {
    state.withLock { state in
      if state.status == nil {
        var status: Int32 = 0
        guard waitpid(id, &status, WNOHANG) == id else { return nil }
        let signal = status & 0x7F
        state.status = signal == 0 ? (status >> 8) & 0xFF : -signal
        Self.started.withLock { _ = $0.remove(id) }
      }
      return state.status
    }
  }

  /// What takes from root the right to read every file; nil: nothing does.
  static let withoutRights: [String]? = {
    if geteuid() != 0 { return [] }
    let line = ["/usr/bin/setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    let trial = Process()
    trial.executableURL = URL(filePath: line[0])
    trial.arguments = [line[1], "true"]
    guard (try? trial.run()) != nil else { return nil }
    trial.waitUntilExit()
    return trial.terminationStatus == 0 ? line : nil
  }()

  /// The memory that it holds, in bytes.
  var residentBytes: Int {
    let text = (try? String(contentsOfFile: "/proc/\(id)/statm", encoding: .utf8)) ?? ""
    let fields = text.split(separator: " ")
    return fields.count > 1 ? (Int(fields[1]) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE))) : 0
  }

  /// Reads what is there; false: nothing more will come, and the descriptor may be closed.
  private static func read(_ descriptor: Int32, _ state: inout State) -> Bool {
    if state.hasClosed { return false }
    var piece = [UInt8](repeating: 0, count: 16 << 10)
    while true {
      let count = Foundation.read(descriptor, &piece, piece.count)
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN { return true }
      guard count > 0 else { break }
      state.pending += piece[..<count]
      while let end = state.pending.firstIndex(of: UInt8(ascii: "\n")) {
        state.lines.append(String(decoding: state.pending[..<end], as: UTF8.self))
        state.pending.removeSubrange(...end)
      }
    }
    if !state.pending.isEmpty {
      state.lines.append(String(decoding: state.pending, as: UTF8.self))
    }
    state.hasClosed = true
    return false
  }

  /// The program beside these tests.
  static let built: URL = {
    let tests = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    let beside = tests.appending(path: "ratecard")
    let root = URL(filePath: #filePath).appending(path: "../../../..").standardized
    return FileManager.default.isExecutableFile(atPath: beside.path)
      ? beside : root.appending(path: ".build/debug/ratecard")
  }()

  private static let started = Mutex<Set<pid_t>>([])
  private static let registration: Void = {
    atexit { Program.started.withLock { for id in $0 { kill(id, SIGKILL) } } }
  }()

  private static func killsAtExit() { registration }
}
