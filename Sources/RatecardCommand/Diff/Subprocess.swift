// The environment is handed on as it is; nothing in this program changes it.
@preconcurrency internal import Glibc

/// Another program, run to its end without a shell.
enum Subprocess {
  /// What a program leaves behind.
  struct Outcome {
    /// Its exit code; nil: a signal ended it.
    let code: Int32?
    let output: [UInt8]
    let errors: [UInt8]
  }

  /// Why there is no outcome.
  enum Failure: Error {
    /// The system refused, with its error number.
    case system(Int32)
    /// The program wrote more than the limit.
    case tooMuchOutput(limit: Int)
  }

  /// Runs a program that is found in the path; its standard input is empty.
  static func run(_ words: [String], outputLimit: Int = 512 << 20) throws(Failure) -> Outcome {
    var output = try Pipe()
    var errors = try Pipe()
    let child = try start(words, output, errors)
    output.closeWriter()
    errors.closeWriter()
    var written = [[UInt8]](repeating: [], count: 2)
    let failure = gather(from: [output.reader, errors.reader], into: &written, limit: outputLimit)
    output.closeReader()
    errors.closeReader()
    if failure != nil { kill(child, SIGKILL) }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 {
      if errno != EINTR { throw .system(errno) }
    }
    if let failure { throw failure }
    let code = status & 0x7F == 0 ? status >> 8 & 0xFF : nil
    return Outcome(code: code, output: written[0], errors: written[1])
  }

  private static func start(
    _ words: [String], _ output: borrowing Pipe, _ errors: borrowing Pipe
  ) throws(Failure) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output.writer, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, errors.writer, STDERR_FILENO)
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var child: pid_t = 0
    let number = posix_spawnp(&child, words[0], &actions, nil, &arguments, environ)
    guard number == 0 else { throw .system(number) }
    return child
  }

  /// Reads files until all have ended, whichever has something to read.
  private static func gather(
    from files: [Int32], into written: inout [[UInt8]], limit: Int
  ) -> Failure? {
    var waiting = files.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while waiting.contains(where: { $0.fd >= 0 }) {
      if poll(&waiting, nfds_t(waiting.count), -1) < 0 {
        if errno == EINTR { continue }
        return .system(errno)
      }
      for index in waiting.indices where waiting[index].fd >= 0 && waiting[index].revents != 0 {
        let count = read(waiting[index].fd, &buffer, buffer.count)
        if count > 0 {
          written[index] += buffer[..<count]
          if written[index].count > limit { return .tooMuchOutput(limit: limit) }
        } else if count == 0 || errno != EINTR {
          waiting[index].fd = -1
        }
      }
    }
    return nil
  }
}

/// A pipe, whose ends are closed with it.
private struct Pipe: ~Copyable {
  private(set) var reader: Int32
  private(set) var writer: Int32

  init() throws(Subprocess.Failure) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw .system(errno) }
    reader = ends[0]
    writer = ends[1]
    // A program started meanwhile by someone else must not keep the pipe open.
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  }

  mutating func closeReader() {
    close(reader)
    reader = -1
  }

  mutating func closeWriter() {
    close(writer)
    writer = -1
  }

  deinit {
    if reader >= 0 { close(reader) }
    if writer >= 0 { close(writer) }
  }
}

extension Subprocess.Failure: CustomStringConvertible {
  /// What went wrong, in words.
  var description: String {
    switch self {
    case .system(let number):
      let text = strerror(number).map { String(cString: $0) } ?? "error \(number)"
      return text.prefix(1).lowercased() + text.dropFirst()
    case .tooMuchOutput(let limit): return "it writes more than \(limit) bytes"
    }
  }
}
