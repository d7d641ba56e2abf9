import Foundation
import RatecardStore
import Synchronization
import Testing

@testable import RatecardStore

/// The engines that a store can lie in.
enum Engine: String, CaseIterable, CustomTestStringConvertible, Sendable {
  case sqlite = "SQLite"
  case postgreSQL = "PostgreSQL"

  var testDescription: String { rawValue }

  /// The server that tests may use, and in which each makes a schema of its own.
  static let server = ProcessInfo.processInfo.environment["RATECARD_TEST_POSTGRES"]

  /// Those that this run can test.
  static let available: [Engine] = isPostgreSQLThere ? allCases : [.sqlite]

  static let isPostgreSQLThere: Bool = {
    #if PostgreSQL
      server != nil
    #else
      false
    #endif
  }()
}

/// A place for the store of one test, which removes it.
final class Place: Sendable {
  let address: String
  let engine: Engine
  /// A folder of the test's own, in which the SQLite file lies.
  let folder: URL
  private let schema: String

  init(_ engine: Engine) throws {
    self.engine = engine
    let id = UUID().uuidString.lowercased().replacing("-", with: "")
    schema = "test_\(id)"
    folder = FileManager.default.temporaryDirectory.appending(path: "ratecard-\(id)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    switch engine {
    case .sqlite: address = "sqlite:\(folder.path)/store.db"
    case .postgreSQL:
      let server = try #require(Engine.server)
      address = server + (server.contains("?") ? "&" : "?") + "options=-csearch_path%3D\(schema)"
      try Self.execute("CREATE SCHEMA \(schema)")
    }
  }

  /// Takes away whatever was made there.
  func remove() {
    try? FileManager.default.removeItem(at: folder)
    if engine == .postgreSQL { try? Self.execute("DROP SCHEMA \(schema) CASCADE") }
  }

  /// The SQLite file.
  var file: URL { folder.appending(path: "store.db") }

  func open(
    serving: Bool = false, version: Int = Migration.latest, faults: FaultSeam? = nil
  ) throws -> Store {
    try Store.open(address, serving: serving, version: version, faults: faults)
  }

  /// Uses a connection of its own, beside the store.
  func raw(_ body: (any Connection) throws -> Void) throws {
    switch engine {
    case .sqlite:
      try body(
        SQLiteConnection(path: file.path, role: .writer(serving: true), busyMilliseconds: 1000))
    case .postgreSQL:
      #if PostgreSQL
        try body(PostgreSQLConnection(url: address))
      #endif
    }
  }

  private static func execute(_ sql: String) throws {
    #if PostgreSQL
      try PostgreSQLConnection(url: server ?? "").execute(sql)
    #endif
  }

  private static var server: String? { Engine.server }
}

struct EngineTests {
  @Test(.enabled(if: Engine.isPostgreSQLThere, "RATECARD_TEST_POSTGRES names no server"))
  func postgreSQLIsTested() throws {
    #expect(Engine.available == [.sqlite, .postgreSQL])
  }
}
