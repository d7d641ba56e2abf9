internal import Glibc
internal import RatecardValues
internal import Synchronization

/// What must not be lost: recorded usage, customers, what is on its way to the provider.
///
/// A store lies in an SQLite file, or in a PostgreSQL database that several processes share. Calls
/// wait for the disk or the network. They may come from any thread: what writes takes turns, what
/// reads never waits for what writes.
public final class Store: Sendable {
  /// The store's address, as it is shown to a person: never with a password.
  public let name: String

  /// Whether other processes may change what is stored while this one runs.
  public let isShared: Bool

  let writer: Guarded
  let readers: [Guarded]
  /// For SQLite, what moves commits from the log into the database.
  let checkpointer: Checkpointer?
  private let lease: ServingLease?
  private let faults: FaultSeam?

  private init(
    name: String, writer: Guarded, readers: [Guarded], checkpointer: Checkpointer?,
    lease: consuming ServingLease?, faults: FaultSeam?
  ) {
    self.name = name
    self.writer = writer
    self.readers = readers
    self.checkpointer = checkpointer
    switch lease {
    case nil: isShared = true
    default: isShared = false
    }
    self.lease = lease
    self.faults = faults
  }

  /// Opens a store: `sqlite:FILE`, which is made where it is not there, or `postgres://…`.
  ///
  /// Only one process at a time can be `serving` a file, and has to call `checkpoint` from time to
  /// time; others may open it beside. Whatever is no store, or a newer one, is left as it is; so is
  /// a file that is not there, where the store `mustExist`.
  public static func open(
    _ address: String, serving: Bool = false, readers: Int = 2, mustExist: Bool = false
  ) throws(StoreFailure) -> Store {
    let place = StoreAddress(address)
    if mustExist, case .sqlite(let path) = place.kind {
      do throws(StoreFailure.Reason) {
        if try SQLiteFile(path: path).look() == .nothing { throw .system(ENOENT) }
      } catch {
        throw StoreFailure(store: place.shown, reason: error)
      }
    }
    return try open(address, serving: serving, readers: readers, faults: nil)
  }

  /// Opens a store that fails where the seam says so, or whose tables stay at an older version.
  package static func open(
    _ address: String, serving: Bool = false, readers: Int = 2,
    version: Int = Migration.latest, faults: FaultSeam?
  ) throws(StoreFailure) -> Store {
    let place = StoreAddress(address)
    do throws(StoreFailure.Reason) {
      switch place.kind {
      case .none: throw .unknownAddress
      case .sqlite(let path):
        let file = SQLiteFile(path: path)
        // A lock beside a file that is none of ours would be a surprise.
        if try file.look() == .foreign { throw .foreign }
        let lease = serving ? try ServingLease(path: path) : nil
        let writer = try Guarded(file.openWriter(serving: serving, version: version))
        var others: [Guarded] = []
        for _ in 0..<max(1, readers) { others.append(Guarded(try file.connect(.reader))) }
        return Store(
          name: place.shown, writer: writer, readers: others,
          checkpointer: Checkpointer(try file.connect(.writer(serving: true)), file: file),
          lease: lease, faults: faults)
      case .postgreSQL(let url):
        #if PostgreSQL
          let writer = PostgreSQLConnection(url: url)
          try Migration.run(on: writer, upTo: version)
          let others = (0..<max(1, readers)).map { _ in Guarded(PostgreSQLConnection(url: url)) }
          return Store(
            name: place.shown, writer: Guarded(writer), readers: others, checkpointer: nil,
            lease: nil, faults: faults)
        #else
          _ = url
          throw .notBuiltIn
        #endif
      }
    } catch {
      throw StoreFailure(store: place.shown, reason: error)
    }
  }

  /// Makes changes in one transaction, in their order, and answers what came of each.
  ///
  /// When it returns, all of them are durable. When it throws, none of them counts, with one
  /// exception: a connection lost while the server was committing leaves that open, and the same
  /// changes may be made again.
  public func commit(_ changes: [Change]) throws(StoreFailure) -> [Outcome] {
    if changes.isEmpty { return [] }
    return try write { transaction throws(StoreFailure.Reason) in
      try transaction.apply(changes)
    }
  }

  /// Runs a transaction that may write; again where others got in its way.
  func write<Answer: Sendable>(
    _ body: (Transaction) throws(StoreFailure.Reason) -> Answer
  ) throws(StoreFailure) -> Answer {
    do throws(StoreFailure.Reason) {
      let answer = try writer.use { connection throws(StoreFailure.Reason) in
        var attempts = 0
        while true {
          do throws(StoreFailure.Reason) {
            try connection.begin()
            try faults?(.beforeWrite)
            let answer = try body(Transaction(connection: connection))
            try faults?(.beforeCommit)
            try connection.commit()
            return answer
          } catch {
            connection.rollback()
            attempts += 1
            guard error == .contended, attempts < 100 else { throw error }
          }
        }
      }
      try faults?(.afterCommit)
      return answer
    } catch {
      throw StoreFailure(store: name, reason: error)
    }
  }

  /// Runs a transaction that only reads, beside whatever is written.
  func read<Answer: Sendable>(
    _ body: (any Connection) throws(StoreFailure.Reason) -> Answer
  ) throws(StoreFailure) -> Answer {
    do throws(StoreFailure.Reason) {
      for reader in readers {
        if let answer = try reader.useIfFree(body) { return answer }
      }
      return try readers[0].use(body)
    } catch {
      throw StoreFailure(store: name, reason: error)
    }
  }
}

/// Where a transaction can be made to fail, for tests.
package enum FaultPoint: String, CaseIterable, Sendable {
  case beforeWrite, beforeCommit, afterCommit
}

/// Is called at every point of every transaction, and may throw, or end the process.
package typealias FaultSeam = @Sendable (FaultPoint) throws(StoreFailure.Reason) -> Void

/// A connection that one thread uses at a time.
final class Guarded: Sendable {
  private let connection: Mutex<any Connection>

  init(_ connection: sending any Connection) {
    self.connection = Mutex(connection)
  }

  /// Waits for the connection, and uses it.
  func use<Answer: Sendable>(
    _ body: (any Connection) throws(StoreFailure.Reason) -> Answer
  ) throws(StoreFailure.Reason) -> Answer {
    try connection.withLock { connection throws(StoreFailure.Reason) in try body(connection) }
  }

  /// Uses the connection, unless another thread does.
  func useIfFree<Answer: Sendable>(
    _ body: (any Connection) throws(StoreFailure.Reason) -> Answer
  ) throws(StoreFailure.Reason) -> Answer? {
    try connection.withLockIfAvailable { connection throws(StoreFailure.Reason) in
      try body(connection)
    }
  }
}

/// Moves what was committed from an SQLite log into the database.
final class Checkpointer: Sendable {
  private let connection: Mutex<SQLiteConnection>
  private let file: SQLiteFile

  init(_ connection: sending SQLiteConnection, file: SQLiteFile) {
    self.connection = Mutex(connection)
    self.file = file
  }

  func run(emptyAbove limit: Int) throws(StoreFailure.Reason) {
    try connection.withLock { connection throws(StoreFailure.Reason) in
      try connection.checkpoint(emptyAbove: limit, logBytes: file.logBytes)
    }
  }
}
