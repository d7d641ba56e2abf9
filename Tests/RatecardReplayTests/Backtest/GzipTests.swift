import Foundation
import RatecardTestSupport
import Testing

@testable import RatecardReplay

/// What is compressed is read as it was, and damage is said.
@Suite struct GzipTests {
  private static let text = Array(
    ("model,input_tokens\n" + (0..<5_000).map { "m\($0),\($0)\n" }.joined()).utf8)

  private static func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/gzip")
    let (input, output) = (Pipe(), Pipe())
    (process.standardInput, process.standardOutput) = (input, output)
    try process.run()
    DispatchQueue.global().async {
      try? input.fileHandleForWriting.write(contentsOf: Data(bytes))
      try? input.fileHandleForWriting.close()
    }
    let compressed = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return Array(compressed)
  }

  private static func read(_ bytes: [UInt8], pieces: Int = .max) -> ReadRows {
    ReadRows(bytes, columns: ["model"], chunkSize: 1_000, pieces: pieces)
  }

  @Test func readsMembersAndPaddingAsOneText() throws {
    let plain = Self.read(Self.text)
    #expect(plain.rows.count == 5_000)
    let whole = try Self.gzip(Self.text)
    let parts =
      try Self.gzip(Array(Self.text[..<9_000])) + Self.gzip([])
      + Self.gzip(Array(Self.text[9_000...]))
    for bytes in [whole, parts, parts + [UInt8](repeating: 0, count: 700)] {
      for pieces in [1, 2, 4_096, .max] { #expect(Self.read(bytes, pieces: pieces) == plain) }
    }
  }

  @Test func saysWhatIsDamaged() throws {
    let whole = try Self.gzip(Self.text)
    var changed = whole
    changed[whole.count - 5] ^= 1
    for bytes in [Array(whole.dropLast(20)), changed, whole + Array("rest".utf8)] {
      guard case .compressed("log", _) = Self.read(bytes).failure else {
        Issue.record("\(String(describing: Self.read(bytes).failure))")
        continue
      }
    }
  }
}
