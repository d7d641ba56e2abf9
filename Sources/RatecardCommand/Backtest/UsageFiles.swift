internal import Glibc
internal import RatecardReplay
internal import Synchronization

/// The files of `--usage`, opened one after another as they are read.
struct UsageFiles {
  let sources: [UsageSource]
  let progress: BacktestProgress

  init(_ paths: [String], _ console: Console) throws(CommandFailure) {
    guard paths.filter({ $0 == "-" }).count <= 1 else {
      throw .usage("standard input can be read once")
    }
    var sources: [UsageSource] = []
    var known: [(path: String, status: stat)] = []
    var total: Int? = 0
    for path in paths {
      if path == "-" {
        total = nil
        sources.append(UsageSource(name: "standard input", read: console.input))
        continue
      }
      var status = stat()
      let isFile = stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
      if isFile {
        let other = known.first {
          $0.status.st_dev == status.st_dev && $0.status.st_ino == status.st_ino
        }
        if let other {
          throw .usage(
            "`\(other.path)` and `\(path)` of `--usage` are one file",
            help: "leave one of them out, or its rows count twice")
        }
        known.append((path, status))
      }
      total = isFile ? total.map { $0 + Int(status.st_size) } : nil
      let file = OpenedFile(path)
      sources.append(UsageSource(name: path, read: file.read))
    }
    progress = BacktestProgress(total: total, console)
    let counter = progress.bytesRead
    self.sources = sources.map { source in
      UsageSource(name: source.name) { buffer in
        let count = source.read(buffer)
        if count > 0 { counter.add(count) }
        return count
      }
    }
  }
}

/// A file that is opened when it is first read.
private final class OpenedFile {
  private let path: String
  private var descriptor: Int32 = -1

  init(_ path: String) { self.path = path }

  deinit { if descriptor >= 0 { close(descriptor) } }

  func read(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
    if descriptor < 0 {
      descriptor = open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { return -Int(errno) }
      posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
    }
    while true {
      let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      if errno != EINTR { return -Int(errno) }
    }
  }
}

/// A count that only one thread at a time changes, and others look at.
final class SharedCount: Sendable {
  private let count = Atomic(0)

  func add(_ more: Int) { count.add(more, ordering: .relaxed) }
  var value: Int { count.load(ordering: .relaxed) }
}

/// Shows on a terminal how far a backtest is.
final class BacktestProgress {
  let bytesRead = SharedCount()
  private let total: Int?
  private let errors: Output?
  private let clock: () -> Int64
  private let began: Int64
  private var last: Int64
  private var isShown = false

  /// Shows progress by a clock of milliseconds.
  init(
    total: Int?, _ console: Console,
    clock: @escaping () -> Int64 = { BacktestProgress.milliseconds }
  ) {
    (self.total, self.clock) = (total, clock)
    errors = console.errors.isTerminal ? console.errors : nil
    began = clock()
    last = began
  }

  /// Shows it, five times a second at most.
  func show(_ progress: Backtest.Progress) {
    guard let errors else { return }
    let now = clock()
    guard now - last >= 200 else { return }
    last = now
    isShown = true
    let elapsed = max(1, Int(now - began))
    let rate = progress.rows * 1_000 / elapsed
    var text = "\(Amounts.grouped(progress.rows)) rows, \(Amounts.grouped(rate)) rows a second"
    if let total, total > 0 { text += ", \(min(100, bytesRead.value * 100 / total)) %" }
    errors.write("\r\(text)\u{1B}[K")
    errors.flush()
  }

  /// Takes it away.
  func end() {
    guard let errors, isShown else { return }
    errors.write("\r\u{1B}[K")
    errors.flush()
  }

  static var milliseconds: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
  }
}
