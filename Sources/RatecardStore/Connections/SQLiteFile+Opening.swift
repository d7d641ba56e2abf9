internal import Glibc

extension SQLiteFile {
  /// How long another process may hold the file before we give up, in milliseconds.
  static let busyMilliseconds: Int32 = 5000

  /// Opens the file for writing, made first where there is none, with its tables at the latest
  /// version.
  ///
  /// Nothing is written before it is known that the file is a store that this program understands.
  func openWriter(serving: Bool, version: Int) throws(StoreFailure.Reason) -> SQLiteConnection {
    let writer: SQLiteConnection
    switch try look() {
    case .foreign: throw .foreign
    case .store(let found, let hasLog):
      guard found <= Migration.latest else {
        throw .newerSchema(found: found, known: Migration.latest)
      }
      if hasLog { try inspect(thoroughly: serving) }
      writer = try connect(.writer(serving: serving))
    case .nothing:
      try make()
      writer = try connect(.writer(serving: serving))
      try mark(writer)
    }
    // Several processes may be at this; the engine does not always wait by itself.
    for attempt in 0... {
      do throws(StoreFailure.Reason) {
        _ = try writer.text("PRAGMA journal_mode = WAL")
        break
      } catch {
        guard error == .busy, attempt < 500 else { throw error }
        usleep(10_000)
      }
    }
    try Migration.run(on: writer, upTo: version)
    // What others write is told from here on.
    _ = try writer.wasWrittenElsewhere()
    return writer
  }

  func connect(_ role: SQLiteConnection.Role) throws(StoreFailure.Reason) -> SQLiteConnection {
    // The engine takes some names for something else than a file, but no path with a slash.
    try SQLiteConnection(
      path: path.hasPrefix("/") ? path : "./" + path, role: role,
      busyMilliseconds: Self.busyMilliseconds)
  }

  /// Puts the mark of a store into the file, before any log is made beside it.
  private func mark(_ writer: SQLiteConnection) throws(StoreFailure.Reason) {
    try writer.begin()
    do throws(StoreFailure.Reason) {
      if try writer.integer("PRAGMA application_id") != Int64(SQLiteConnection.applicationID) {
        guard try writer.integer("PRAGMA page_count") <= 1 else { throw .foreign }
        try writer.execute("PRAGMA application_id = \(SQLiteConnection.applicationID)")
      }
      try writer.commit()
    } catch {
      writer.rollback()
      throw error
    }
  }

  /// Looks at the database, its log included, without changing it.
  private func inspect(thoroughly: Bool) throws(StoreFailure.Reason) {
    let inspector = try connect(.inspector)
    let found = try inspector.schemaVersion()
    guard found <= Migration.latest else {
      throw .newerSchema(found: found, known: Migration.latest)
    }
    if thoroughly { try inspector.check(milliseconds: 300) }
  }
}
