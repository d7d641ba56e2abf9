import Foundation
import Testing

/// A program of its own that uses a store.
struct Victim {
  /// How it ended, what it wrote, and what it said was wrong.
  let status: Int32
  let isKilled: Bool
  let output: String
  let errors: String

  static let program: URL = {
    let tests = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    let beside = tests.appending(path: "RatecardStoreVictim")
    if FileManager.default.isExecutableFile(atPath: beside.path) { return beside }
    return URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: ".build/debug/RatecardStoreVictim")
  }()

  /// Runs the program to its end.
  @discardableResult
  init(_ arguments: [String], environment: [String: String] = [:]) throws {
    try self.init([Self.program.path] + arguments, of: "/usr/bin/env", environment: environment)
  }

  /// Runs any program to its end.
  init(_ arguments: [String], of program: String, environment: [String: String] = [:]) throws {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let output = Pipe()
    let errors = Pipe()
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let written = output.fileHandleForReading.readDataToEndOfFile()
    let said = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    self.output = String(decoding: written, as: UTF8.self)
    self.errors = String(decoding: said, as: UTF8.self)
    status = process.terminationStatus
    isKilled = process.terminationReason == .uncaughtSignal && status == SIGKILL
  }
}
