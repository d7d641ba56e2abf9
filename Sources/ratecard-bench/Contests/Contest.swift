internal import Foundation
internal import RatecardJSON

/// The same requests for several contenders, who run in turns; the first of them is ours.
struct Contest {
  let name: String
  /// What contenders that are programs of their own read.
  let description: JSONValue
  /// The right answers.
  let answers: [Int32]
  let inner: [InnerContender]
  /// Programs in `Scripts/peers`, each with what it is called here.
  let outer: [(name: String, script: String)]

  /// What stands in this program answered differently.
  enum Failure: Error {
    case wrong(contest: String, [(name: String, reason: String)])
  }

  private static let head =
    "   ns a request: least, median, most                 times ours    binding  requests"

  /// How often each contender answers what is timed.
  private static let laps = 9

  /// What is known of a contender in the end.
  private struct Row {
    let contender: any Contender
    var laps: [Lap] = []
  }

  /// Runs everybody, prints a table, and answers what it says.
  func run(on bench: Bench) throws -> JSONValue {
    let path = bench.path("contest-\(name).json")
    try Data(description.text(pretty: false).utf8).write(to: URL(filePath: path))
    var rows: [Row] = []
    var absent: [(name: String, reason: String)] = []
    func admit(_ name: String, _ contender: () throws -> any Contender) {
      do {
        let contender = try contender()
        // This warms up as well.
        guard try contender.run().check == Answers.check(answers.prefix(contender.count)) else {
          throw OuterContender.Absence(reason: "it answers differently")
        }
        rows.append(Row(contender: contender))
      } catch {
        let reason = (error as? OuterContender.Absence)?.reason ?? "\(error)"
        absent.append((name, reason))
      }
    }
    for contender in inner { admit(contender.name) { contender } }
    guard rows.count == inner.count else { throw Failure.wrong(contest: name, absent) }
    for (name, script) in outer {
      admit(name) { try OuterContender(name, bench.peer(script) + [path]) }
    }
    for _ in 0..<Self.laps {
      for place in rows.indices {
        let lap = try rows[place].contender.run()
        guard lap.check == Answers.check(answers.prefix(rows[place].contender.count)) else {
          throw Failure.wrong(contest: name, [(rows[place].contender.name, "on a later lap")])
        }
        rows[place].laps.append(lap)
      }
    }
    return report(rows, absent)
  }

  private func report(
    _ rows: [Row], _ absent: [(name: String, reason: String)]
  ) -> JSONValue {
    print("\n" + pad(name, 38) + Self.head)
    var members: [JSONValue] = []
    for row in rows {
      let times = Spread(row.laps.map(\.time))
      let ratios = Spread(zip(row.laps, rows[0].laps).map { $0.time / $1.time })
      let bindings = row.laps.compactMap(\.binding)
      let binding = bindings.isEmpty ? nil : Spread(bindings)
      print(
        pad(row.contender.name, 38) + times.columns(12) + ratios.columns(10, decimals: 2)
          + (binding.map { column($0.median, 11) } ?? pad("", 11))
          + pad("  \(row.contender.count)", 9) + row.contender.note)
      var member: [JSONValue.Member] = [
        .init("name", .string(row.contender.name)), .init("ns", times.json()),
        .init("times_ours", ratios.json(decimals: 2)),
        .init("requests", .number("\(row.contender.count)")),
        .init("note", .string(row.contender.note)),
      ]
      if let binding { member.append(.init("binding_ns", binding.json())) }
      members.append(.object(member))
    }
    for (name, reason) in absent {
      print(pad(name, 38) + "  not timed: \(reason)")
      members.append(["name": .string(name), "not_timed": .string(reason)])
    }
    return ["contest": .string(name), "contenders": .array(members)]
  }
}

/// The least, the median and the greatest of some numbers.
struct Spread {
  private let numbers: [Double]

  init(_ numbers: [Double]) { self.numbers = numbers.sorted() }

  var median: Double { numbers[numbers.count / 2] }
  private var all: [Double] { [numbers[0], median, numbers[numbers.count - 1]] }

  func columns(_ width: Int, decimals: Int = 1) -> String {
    texts(decimals).map { pad("", max(0, width - $0.count)) + $0 }.joined()
  }

  func json(decimals: Int = 1) -> JSONValue { .array(texts(decimals).map { .number($0) }) }

  private func texts(_ decimals: Int) -> [String] {
    all.map { String(format: "%.\(decimals)f", $0) }
  }
}

private func pad(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - text.count))
}
