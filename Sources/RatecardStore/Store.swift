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
  let health: StoreHealth

  private init(
    name: String, writer: Guarded, readers: [Guarded], checkpointer: Checkpointer?,
    lease: consuming ServingLease?, faults: FaultSeam?, health: StoreHealth
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
    self.health = health
  }

  /// Opens a store: `sqlite:FILE`, which is made where it is not there, or `postgres://…`.
  ///
  /// Only one process at a time can be `serving` a file, and has to call `checkpoint` from time to
  /// time; others may open it beside. Whatever is no store, or a newer one, is left as it is; so is
  /// a file that is not there, where the store `mustExist`. `watch` is told when the store begins to
  /// fail, and when it works again.
  public static func open(
    _ address: String, serving: Bool = false, readers: Int = 2, mustExist: Bool = false,
    watch: @escaping StoreWatch = { _, _ in }
  ) throws(StoreFailure) -> Store {
    let place = StoreAddress(address)
    if mustExist, case .sqlite(let path) = place.kind {
      do throws(StoreFailure.Reason) {
        if try SQLiteFile(path: path).look() == .nothing { throw .system(ENOENT) }
      } catch {
        throw StoreFailure(store: place.shown, reason: error)
      }
    }
    return try open(address, serving: serving, readers: readers, faults: nil, watch: watch)
  }

  /// Opens a store that fails where the seam says so, has less patience, or whose tables stay at an older
  /// version.
  package static func open(
    _ address: String, serving: Bool = false, readers: Int = 2,
    version: Int = Migration.latest, patience: ServerPatience = ServerPatience(),
    faults: FaultSeam?, watch: @escaping StoreWatch = { _, _ in }
  ) throws(StoreFailure) -> Store {
    let place = StoreAddress(address)
    let health = StoreHealth(store: place.shown, watch: watch)
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
          checkpointer: Checkpointer(try file.connect(.writer(serving: true))),
          lease: lease, faults: faults, health: health)
      case .postgreSQL(let url):
        #if PostgreSQL
          let outage = ServerOutage(patience)
          func connection() -> sending PostgreSQLConnection {
            PostgreSQLConnection(url: url, patience: patience, outage: outage)
          }
          try Migration.run(
            on: PostgreSQLConnection(url: url, patience: .migrating), upTo: version)
          let others = (0..<max(1, readers)).map { _ in Guarded(connection()) }
          return Store(
            name: place.shown, writer: Guarded(connection()), readers: others, checkpointer: nil,
            lease: nil, faults: faults, health: health)
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
    try apply(changes).outcomes
  }

  /// Makes changes as `commit` does, and tells of the customers that they changed as well.
  public func apply(_ changes: [Change]) throws(StoreFailure) -> Commit {
    if changes.isEmpty { return Commit(outcomes: [], customers: [], tierChanges: 0) }
    return try write { transaction throws(StoreFailure.Reason) in
      let outcomes = try transaction.apply(changes)
      return Commit(
        outcomes: outcomes, customers: transaction.changed.list,
        tierChanges: transaction.changed.tierChanges)
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
      health.note(.writing, nil)
      return answer
    } catch {
      throw health.failure(.writing, error)
    }
  }

  /// Runs a transaction that only reads, beside whatever is written.
  func read<Answer: Sendable>(
    _ body: (any Connection) throws(StoreFailure.Reason) -> Answer
  ) throws(StoreFailure) -> Answer {
    do throws(StoreFailure.Reason) {
      let answer = try readFree(body)
      health.note(.reading, nil)
      return answer
    } catch {
      throw health.failure(.reading, error)
    }
  }

  private func readFree<Answer: Sendable>(
    _ body: (any Connection) throws(StoreFailure.Reason) -> Answer
  ) throws(StoreFailure.Reason) -> Answer {
    for reader in readers {
      if let answer = try reader.useIfFree(body) { return answer }
    }
    return try readers[0].use(body)
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

  init(_ connection: sending SQLiteConnection) { self.connection = Mutex(connection) }

  func run(_ writer: Guarded, restartAbove limit: Int) throws(StoreFailure.Reason) {
    let isLarge = try connection.withLock { connection throws(StoreFailure.Reason) in
      guard try connection.checkpoint() > limit else { return false }
      // Once more, so that little is left of what the writer has to wait for.
      return try connection.checkpoint() > limit
    }
    guard isLarge else { return }
    try writer.use { connection throws(StoreFailure.Reason) in try connection.restartLog() }
  }
}
