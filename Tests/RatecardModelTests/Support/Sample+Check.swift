import Foundation
import RatecardDiagnostics
import RatecardModel
import RatecardSyntax
import RatecardTestSupport
import RatecardValues

extension Sample {
  /// Parses and checks the card.
  func check() -> (card: Card?, diagnostics: [Diagnostic]) {
    var bag = DiagnosticBag()
    var trees: [Tree] = []
    for (index, file) in files.enumerated() {
      if let tree = Tree.parse(file, as: FileID(index), into: &bag) { trees.append(tree) }
    }
    let card = Checker.check(trees, zones: .forTests, into: &bag)
    return (card, bag.sorted)
  }
}

extension ZoneDatabase {
  /// The computer's own zones.
  static let forTests = ZoneDatabase { name in
    guard !name.isEmpty, !name.contains(".."), !name.hasPrefix("/"),
      let bytes = FileManager.default.contents(atPath: "/usr/share/zoneinfo/\(name)")
    else { return nil }
    return try? Zone(name: name, tzif: Array(bytes))
  }
}
