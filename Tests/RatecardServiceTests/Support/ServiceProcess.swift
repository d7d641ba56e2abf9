import Foundation
import RatecardJSON
import Testing

/// `ratecard serve` in a process of its own.
final class ServiceProcess: Sendable {
  struct NotStarted: Error, CustomStringConvertible {
    let lines: [String]
    var description: String { "the service did not start: \(lines.joined(separator: "\n"))" }
  }

  let program: Program
  /// The card's folder, which stays as long as the service runs.
  let folder: CardFolder
  /// Where it listens.
  let port: UInt16
  /// What clients must show.
  let token: String?

  /// Starts it, and waits until it says that it has started.
  init(
    _ card: CardFolder, store: String = "store.db", token: String? = nil, log: String = "info",
    listen: String = "127.0.0.1:0", options: [String] = [], environment: [String: String] = [:],
    below wrapper: [String] = []
  ) throws {
    let program = try Program(
      Self.arguments(card, store: store, listen: listen) + ["--log", log] + options,
      environment: environment.merging(token.map { ["RATECARD_API_TOKEN": $0] } ?? [:]) { $1 },
      below: wrapper)
    self.program = program
    folder = card
    self.token = token
    let started = eventually { () -> JSONValue?? in
      if let line = Self.log(of: program).first(where: { $0["event"] == "started" }) { return line }
      return program.waitForEnd(within: 0) == nil ? nil : .some(nil)
    }
    guard let address = started??["address"]?.string,
      let port = address.split(separator: ":").last.flatMap({ UInt16($0) })
    else { throw NotStarted(lines: program.lines) }
    self.port = port
  }

  /// The command line of a service with its store beside the card.
  static func arguments(
    _ card: CardFolder, store: String = "store.db", listen: String = "127.0.0.1:0"
  ) -> [String] {
    // An address of a database, or a file beside the card.
    let address = store.contains("://") ? store : "sqlite:\(card.at(store))"
    return ["serve", card.at("card"), "--listen", listen, "--store", address]
  }

  /// A client that shows the token, and keeps the service running.
  func client() -> ServiceClient { ServiceClient(port: port, token: token, keeping: self) }

  /// The log so far, its lines read as JSON.
  var log: [JSONValue] { Self.log(of: program) }

  private static func log(of program: Program) -> [JSONValue] {
    program.lines.compactMap { try? JSONValue(parsing: $0) }
  }

  /// The log's lines of one event.
  func log(_ event: String) -> [JSONValue] {
    log.filter { $0["event"]?.string == event }
  }

  /// Asks it to end and waits for that; the exit code.
  func stop(within seconds: Double = 60) -> Int32? {
    program.send(SIGTERM)
    return program.waitForEnd(within: seconds)
  }

  /// Ends it where it stands.
  func crash() {
    program.send(SIGKILL)
    #expect(program.waitForEnd() == -SIGKILL)
  }
}
