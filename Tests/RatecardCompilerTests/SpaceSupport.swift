import RatecardDiagnostics
import RatecardSyntax
import RatecardValues
import Ratecard
import Testing

@testable import RatecardCompiler
@testable import RatecardModel

/// The card that a text says, as far as the checker; nil with its findings printed by the caller.
func checked(_ text: String) -> (card: Card?, findings: [Diagnostic]) {
  let file = SourceFile(
    path: "card.yaml",
    bytes: Array(("ratecard: 1\nname: x\ncredit: {unit: credit}\n" + text).utf8))
  var bag = DiagnosticBag()
  guard let tree = Tree.parse(file, as: FileID(0), into: &bag) else { return (nil, bag.sorted) }
  return (Checker.check([tree], zones: .system, into: &bag), bag.sorted)
}
