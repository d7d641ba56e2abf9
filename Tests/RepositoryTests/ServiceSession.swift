import Foundation

/// Commands that a document shows of a running service: a `console service` block.
///
/// The service is that of the shipped card, with a store of its own and on a port of its own; documents
/// name the usual one.
enum ServiceSession {
  private static let mark = "\u{1}"

  /// What each of some commands prints, run one after another beside one service.
  static func run(_ commands: [String]) throws -> [String] {
    let folder = try TemporaryFolder()
    let place = folder.url.path
    let steps = commands.map { command in
      let line = command.replacing("127.0.0.1:8787", with: "$ADDRESS")
      return "{ \(line)\n} 2>&1; printf '\(mark)'"
    }
    let script = """
      cp -r pricing '\(place)/pricing'
      ratecard serve '\(place)/pricing' --listen 127.0.0.1:0 --store 'sqlite:\(place)/db' 2>'\(place)/log' &
      for _ in $(seq 200); do
        ADDRESS="$(sed -n 's/.*"event":"started","address":"\\([^"]*\\)".*/\\1/p' '\(place)/log')"
        [ -n "$ADDRESS" ] && break
        sleep 0.05
      done
      \(steps.joined(separator: "\n"))
      kill -TERM %1 && wait %1
      """
    let outcome = try Shell.run(script)
    return outcome.output.components(separatedBy: mark).dropLast().map { $0 }
  }
}
