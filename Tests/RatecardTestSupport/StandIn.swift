internal import Foundation

/// The stand-in of the billing provider, running; it ends with whoever holds this.
public final class StandIn: Sendable {
  struct NotStarted: Error {}

  /// The key with all rights.
  public static let key = "dodo_test_standin"
  /// Where it listens, such as `http://127.0.0.1:40000`.
  public let address: String
  private let process: Process

  /// Starts one that knows nothing, and has no limits that a test would have to wait for.
  public init(_ options: [String] = [], file: String = #filePath) throws {
    let script = URL(filePath: file).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Provider/standin.py")
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", script.path, "--port", "0", "--seed", "7"] + options
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
    self.process = process
    var line: [UInt8] = []
    while let byte = try pipe.fileHandleForReading.read(upToCount: 1)?.first, byte != 0x0A {
      line.append(byte)
    }
    address = String(decoding: line, as: UTF8.self)
    guard address.hasPrefix("http") else { throw NotStarted() }
    _ = try control("settings", #"{"requests_per_second":null,"requests_per_minute":null}"#)
  }

  // Asked politely it would wait for whoever still holds a connection.
  deinit { kill(process.processIdentifier, SIGKILL) }

  /// The environment of a program that calls it.
  public var environment: [String: String] {
    ["DODO_PAYMENTS_API_KEY": Self.key, "DODO_PAYMENTS_BASE_URL": address]
  }

  /// Calls something under `/__control/`; answers the body.
  @discardableResult
  public func control(_ name: String, _ body: String? = nil) throws -> String {
    try ask(body == nil ? "GET" : "POST", "/__control/\(name)", body)
  }

  /// Calls the provider as whoever may do everything; answers the body.
  @discardableResult
  public func ask(_ method: String, _ path: String, _ body: String? = nil) throws -> String {
    // A program of its own: what calls in these tests must not depend on what is tested.
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments =
      ["curl", "--silent", "--show-error", "--request", method, address + path]
      + ["--header", "Authorization: Bearer \(Self.key)"]
      + (body.map { ["--data-binary", $0] } ?? [])
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let answer = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: answer, as: UTF8.self)
  }
}
