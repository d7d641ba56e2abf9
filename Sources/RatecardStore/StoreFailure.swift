internal import Glibc

/// Why a store could not be opened, read or written: the world's failure.
public struct StoreFailure: Error, Hashable, Sendable {
  /// What went wrong.
  public enum Reason: Error, Hashable, Sendable {
    /// The address names no kind of store.
    case unknownAddress
    /// The address is PostgreSQL's, and this program was built without it.
    case notBuiltIn
    /// The system refused, with its error number.
    case system(Int32)
    /// Another process serves this file.
    case served
    /// What lies there is something else: another program's database, or no database at all.
    case foreign
    /// A newer version of the program has changed the tables.
    case newerSchema(found: Int, known: Int)
    /// What lies there contradicts itself; how, in the engine's words.
    case corrupt(String)
    /// No space is left. Nothing of the transaction was written.
    case diskFull
    /// It may be read only.
    case readOnly
    /// Another process kept it locked for longer than we wait.
    case busy
    /// The server did not answer in time.
    case late
    /// Other transactions kept getting in the way.
    case contended
    /// There is no connection to the server, in its client's words.
    case lostConnection(String)
    /// Anything else, in the engine's words.
    case engine(String)
  }

  /// The store, as it is shown to a person: never with a password.
  public let store: String
  /// What went wrong.
  public let reason: Reason

  /// Makes a failure.
  public init(store: String, reason: Reason) {
    self.store = store
    self.reason = reason
  }
}

extension StoreFailure: CustomStringConvertible {
  /// The failure in a line, such as "the store `sqlite:a.db` is full: no space is left on its disk".
  public var description: String {
    switch reason {
    case .unknownAddress:
      return "`\(store)` is no store; write `sqlite:FILE` or `postgres://HOST/DATABASE`"
    case .notBuiltIn:
      return "cannot open the store `\(store)`: this program was built without PostgreSQL; "
        + "build it with `--traits PostgreSQL`"
    case .system(let number):
      let text = strerror(number).map { String(cString: $0) } ?? "error \(number)"
      return "cannot open the store `\(store)`: \(text.prefix(1).lowercased() + text.dropFirst())"
    case .served:
      return "the store `\(store)` is already served by another process"
    case .foreign:
      return "`\(store)` is not a store of ratecard; it was left as it is"
    case .newerSchema(let found, let known):
      return "the store `\(store)` was written by a newer ratecard: its tables are version "
        + "\(found), this program knows \(known); it was left as it is"
    case .corrupt(let message):
      return "the store `\(store)` is damaged: \(message)"
    case .diskFull:
      return "the store `\(store)` is full: no space is left on its disk"
    case .readOnly:
      return "the store `\(store)` cannot be written to"
    case .busy:
      return "the store `\(store)` is locked by another process"
    case .late:
      return "the store `\(store)` did not answer in time"
    case .contended:
      return "the store `\(store)` is written to by too many at once"
    case .lostConnection(let message):
      return "no connection to the store `\(store)`: \(message)"
    case .engine(let message):
      return "the store `\(store)` failed: \(message)"
    }
  }
}
