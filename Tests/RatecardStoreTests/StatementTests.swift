import Foundation
import RatecardTestSupport
import Testing

@testable import RatecardStore

/// What an engine must understand is written down.
struct StatementTests {
  /// The document with the list of statements that the code has.
  @Test func areListedInTheDocument() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Documentation/store.md")
    let document = try String(contentsOf: file, encoding: .utf8)
    let heading = "## The statements\n"
    let start = try #require(document.range(of: heading))
    var text =
      document[..<start.upperBound] + """

        Made by `Tests/RatecardStoreTests/StatementTests.swift` from the code, as PostgreSQL gets them.
        Besides: `BEGIN ISOLATION LEVEL READ COMMITTED`, `COMMIT`, `ROLLBACK`, `SHOW server_encoding`,
        `SHOW synchronous_commit`, `SET` of that and of `lock_timeout`, `statement_timeout` and
        `idle_in_transaction_session_timeout`, what makes the tables
        (`Sources/RatecardStore/Transactions/Migration.swift`), and a look into
        `information_schema.tables`. Each statement is prepared once a connection, and many executions
        of one go to the server together, in libpq's pipeline mode.


        """
    for statement in Statement.allCases {
      text += "```text\n\(Dialect.postgreSQL.text(statement.sql))\n```\n"
    }
    if let difference = try Goldens.difference(String(text), from: file) {
      Issue.record("\(difference)")
    }
  }

  /// SQLite takes `$1` for a name, and numbers names as they come.
  @Test(arguments: Statement.allCases)
  func numberTheirParametersInOrder(_ statement: Statement) {
    var seen = 0
    for part in statement.sql.split(separator: "$").dropFirst() {
      let number = Int(part.prefix { $0.isNumber }) ?? 0
      #expect(number <= seen + 1)
      seen = max(seen, number)
    }
    #expect(seen == statement.parameters)
  }
}
