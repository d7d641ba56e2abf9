internal import Ratecard

/// What a command's end tells the shell.
public enum ExitCode: Int32, Sendable {
  /// Everything is fine.
  case fine = 0
  /// Findings, failed tests, a refused request.
  case findings = 1
  /// The command line makes no sense.
  case usage = 2
  /// The work could not be done: a file, the network.
  case failed = 3
}

/// Why a command ends early.
enum CommandFailure: Error {
  /// The command line makes no sense.
  case usage(String, help: String? = nil)
  /// A folder or file could not be read.
  case unreadable(FileFailure)
  /// Some other work on a file could not be done.
  case file(String)
  /// The card has errors.
  case refused(Report)
}
