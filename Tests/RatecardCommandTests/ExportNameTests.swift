import Foundation
import Testing

@testable import RatecardCommand

/// Names with odd signs in them stay names of the query, and words of its comment.
@Suite struct ExportNameTests {
  @Test(arguments: ["duckdb", "postgres", "spark"])
  func staysWithinQuotesAndComments(_ dialect: String) throws {
    let folder = try TemporaryFolder()
    let card = """
      ratecard: 1
      name: "one\\ntwo"
      attributes: {n: count}
      costs: [{name: all, rates: {n: 1}}]
      """
    try Data(card.utf8).write(to: URL(fileURLWithPath: folder.path + "/card.yaml"))
    let quote: Unicode.Scalar = dialect == "spark" ? "`" : "\""
    let (table, column) = ("a\(quote)\u{301}\nb", "x\(quote)\u{301}\r\ny")
    let run = CommandRun([
      "export", "sql", folder.path, "--dialect", dialect, "--table", table, "--map", "\(column)=n",
    ])
    #expect(run.code == 0, "\(run.errors)")
    let lines = run.output.components(separatedBy: "\n").prefix { !$0.hasPrefix("WITH ") }
    #expect(lines.count == 5 && lines.allSatisfy { $0.hasPrefix("-- ") }, "\(lines)")
    func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
    let double = "\(quote)\(quote)"
    #expect(
      bytes(run.output).firstRange(of: bytes("FROM \(quote)a\(double)\u{301}\nb\(quote) AS"))
        != nil)
    #expect(
      bytes(run.output).firstRange(of: bytes("given_row.\(quote)x\(double)\u{301}\r\ny\(quote)"))
        != nil)
  }
}
