import Ratecard
import RatecardDiagnostics
import RatecardModel
import RatecardSyntax
import RatecardTestSupport
import RatecardValues

extension Sample {
  /// The checked card; nil when it is wrong.
  func card(into bag: inout DiagnosticBag) -> Card? {
    let trees = files.enumerated().compactMap { index, file in
      Tree.parse(file, as: FileID(index), into: &bag)
    }
    return Checker.check(trees, zones: .system, into: &bag)
  }
}
