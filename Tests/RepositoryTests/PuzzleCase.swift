import Foundation
import Testing

/// An entry of puzzle-cases.json: a case of the collection of pricing puzzles, and what checks it.
struct PuzzleCase: CustomTestStringConvertible, Sendable {
  /// What checks a case.
  enum Check: Hashable, Sendable {
    /// A test of a card under Examples/puzzles.
    case test(card: String, name: String)
    /// A card under Examples/refused that must not load.
    case refused(card: String)
    /// A test function of `PuzzleProgramTests`.
    case program(String)
    /// Nothing here, for the reason given.
    case other(String)

    var isProgram: Bool {
      if case .program = self { true } else { false }
    }
  }

  let puzzle: String
  let name: String
  let checks: [Check]

  var testDescription: String { "\(puzzle): \(name)" }

  /// The list, sorted by puzzle and case.
  static let all: [PuzzleCase] = {
    typealias List = [String: [String: [[String: String]]]]
    guard let text = try? Repository.text("Tests/RepositoryTests/puzzle-cases.json"),
      let list = try? JSONDecoder().decode(List.self, from: Data(text.utf8))
    else { return [] }
    return list.flatMap { puzzle, cases in
      cases.map { PuzzleCase(puzzle: puzzle, name: $0, checks: $1.compactMap(check)) }
    }.sorted { ($0.puzzle, $0.name) < ($1.puzzle, $1.name) }
  }()

  private static func check(_ entry: [String: String]) -> Check? {
    if let card = entry["card"], let test = entry["test"] { return .test(card: card, name: test) }
    if let card = entry["refused"] { return .refused(card: card) }
    if let function = entry["program"] { return .program(function) }
    return entry["other"].map { .other($0) }
  }
}

/// The cases as they are stated beside the checkout, with the amounts they expect.
enum StatedCases {
  static let file = Repository.shared("cases/pricing-puzzles.json")

  /// What a case expects: texts by their keys, such as `usd`, `credits` and `error`.
  struct Stated: Sendable {
    let puzzle: String
    let name: String
    let expected: [String: String]
  }

  /// Every case; none where the file is missing.
  static let all: [Stated] = {
    guard let file, let bytes = try? Data(contentsOf: file),
      let root = try? JSONSerialization.jsonObject(with: bytes) as? [String: Any],
      let puzzles = root["puzzles"] as? [[String: Any]]
    else { return [] }
    return puzzles.flatMap { puzzle -> [Stated] in
      let cases = puzzle["cases"] as? [[String: Any]] ?? []
      return cases.map { entry in
        let expected = entry["expect"] as? [String: Any] ?? [:]
        return Stated(
          puzzle: puzzle["id"] as? String ?? "", name: entry["name"] as? String ?? "",
          expected: expected.compactMapValues { $0 as? String })
      }
    }
  }()
}
