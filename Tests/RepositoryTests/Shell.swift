import Foundation

/// A program that has run.
struct Outcome {
  /// The exit code.
  let status: Int32
  /// What it wrote to standard output, and with `merged` to standard error too.
  let output: String
  /// What it wrote to standard error.
  let errors: String
}

/// Runs programs from the root of the checkout, with the `ratecard` that was just built in the
/// path.
enum Shell {
  /// Runs a line of bash; with `merged`, standard error goes where standard output goes.
  static func run(
    _ line: String, environment: [String: String] = [:], merged: Bool = false
  ) throws -> Outcome {
    let folder = try TemporaryFolder()
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = ["-c", line]
    process.currentDirectoryURL = Repository.root
    var inherited = ProcessInfo.processInfo.environment
    inherited["PATH"] = "\(Repository.programs.path):\(inherited["PATH"] ?? "/usr/bin:/bin")"
    inherited["NO_COLOR"] = "1"
    // Bash warns of a locale that is not installed, among what the program prints.
    inherited["LC_ALL"] = "C.UTF-8"
    inherited["RATECARD_RECORD"] = nil
    process.environment = inherited.merging(environment) { $1 }
    let output = try sink(folder.url.appending(path: "output"))
    let errors = merged ? output : try sink(folder.url.appending(path: "errors"))
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    process.waitUntilExit()
    let text = { (name: String) in
      (try? String(contentsOf: folder.url.appending(path: name), encoding: .utf8)) ?? ""
    }
    return Outcome(
      status: process.terminationStatus, output: text("output"), errors: text("errors"))
  }

  /// Runs a line of bash on a terminal of its own and returns what it shows.
  static func onTerminal(_ line: String) throws -> String {
    let output = try run(
      "script --quiet --command \"$LINE\" /dev/null",
      environment: ["LINE": line, "SHELL": "/bin/bash"]
    ).output
    return String(String.UnicodeScalarView(output.unicodeScalars.filter { $0 != "\r" }))
  }

  private static func sink(_ url: URL) throws -> FileHandle {
    try "".write(to: url, atomically: false, encoding: .utf8)
    return try FileHandle(forWritingTo: url)
  }
}
