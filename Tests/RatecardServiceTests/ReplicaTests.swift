import Foundation
import Testing

extension ServiceTests {
  /// Several services on one database.
  struct ReplicaTests {
    private static let server = ProcessInfo.processInfo.environment["RATECARD_TEST_POSTGRES"]

    /// The short form of a check that `Scripts/check-service` runs for long.
    @Test(.enabled(if: server != nil, "RATECARD_TEST_POSTGRES names no server"))
    func oneOfTwoIsKilled() throws {
      let check = URL(filePath: #filePath).appending(path: "../../Service/replicas.py").standardized
      let output = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString)")
      defer { try? FileManager.default.removeItem(at: output) }
      try Data().write(to: output)
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/python3")
      process.arguments = [
        check.path, Program.built.path, "--kills", "6", "--server", try #require(Self.server),
      ]
      let file = try FileHandle(forWritingTo: output)
      process.standardOutput = file
      process.standardError = file
      process.standardInput = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      let text = try String(contentsOf: output, encoding: .utf8)
      #expect(process.terminationStatus == 0, "\(text)")
      #expect(text.contains("replicas: fine: 6 kills"), "\(text)")
    }
  }
}
