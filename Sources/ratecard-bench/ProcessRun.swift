@preconcurrency internal import Glibc

/// One run of a program: what it took and wrote.
struct ProcessRun {
  let wall: Duration
  /// The processor's time, the system's part included.
  let processor: Duration
  /// The most memory it had; the system counts what this program had when it started the other.
  let peakKilobytes: Int
  /// Its exit code; nil: a signal ended it.
  let code: Int32?
  let output: String

  /// Why there was no run.
  enum Failure: Error {
    /// The system refused, with its error number.
    case system(Int32)
    /// The program failed, and said so.
    case program(words: [String], output: String)
  }

  /// Runs a program to its end; what it writes goes through a file.
  init(
    _ words: [String], input: String = "/dev/null", output path: String
  ) throws(Failure) {
    let file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw .system(errno) }
    defer { close(file) }
    var usage = rusage()
    var status: Int32 = 0
    let start = ContinuousClock.now
    let child = try Self.start(words, readingFrom: input, writingTo: file)
    while wait4(child, &status, 0, &usage) < 0 {
      if errno != EINTR { throw .system(errno) }
    }
    wall = ContinuousClock.now - start
    processor = Self.duration(usage.ru_utime) + Self.duration(usage.ru_stime)
    peakKilobytes = usage.ru_maxrss
    code = status & 0x7F == 0 ? status >> 8 & 0xFF : nil
    output = try Self.text(of: file)
  }

  private static func start(
    _ words: [String], readingFrom input: String, writingTo file: Int32
  ) throws(Failure) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input, O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, file, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, file, STDERR_FILENO)
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var child: pid_t = 0
    let number = posix_spawn(&child, words[0], &actions, nil, &arguments, environ)
    guard number == 0 else { throw .system(number) }
    return child
  }

  private static func text(of file: Int32) throws(Failure) -> String {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = pread(file, &buffer, buffer.count, bytes.count)
      if count < 0 { throw .system(errno) }
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += buffer[..<count]
    }
  }

  private static func duration(_ time: timeval) -> Duration {
    .seconds(time.tv_sec) + .microseconds(time.tv_usec)
  }
}

extension ProcessRun.Failure: CustomStringConvertible {
  /// What went wrong, in words.
  var description: String {
    switch self {
    case .system(let number):
      strerror(number).map { String(cString: $0) } ?? "error \(number)"
    case .program(let words, let output):
      "\(words.joined(separator: " ")) failed:\n\(output)"
    }
  }
}
