import Foundation
import Testing

/// A schema of its own in the PostgreSQL server that tests may use; it goes with the test.
final class TestDatabase: Sendable {
  /// The server.
  static let server = ProcessInfo.processInfo.environment["RATECARD_TEST_POSTGRES"]

  /// The store's address.
  let address: String
  private let schema: String

  init() throws {
    let server = try #require(Self.server)
    schema = "test_" + UUID().uuidString.lowercased().replacing("-", with: "")
    address = server + (server.contains("?") ? "&" : "?") + "options=-csearch_path%3D\(schema)"
    #expect(try Self.run("CREATE SCHEMA \(schema)") == 0)
  }

  deinit { _ = try? Self.run("DROP SCHEMA \(schema) CASCADE") }

  private static func run(_ sql: String) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["psql", "-Xq", "-c", sql, server ?? ""]
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}
