import Foundation
import Ratecard
import RatecardDiagnostics
import RatecardImport
import RatecardTestSupport
import Testing

/// Small lists beside the cards that are made of them.
@Suite struct ImportGoldenTests {
  /// A list of a kind, where it lies and where its card does.
  struct List: CustomTestStringConvertible, Sendable {
    let kind: PriceListKind
    let file: URL
    let golden: URL
    var testDescription: String { file.lastPathComponent }

    /// The lists beside this test, named `KIND.NAME.json`, and those of the examples.
    static let all: [List] = {
      let folder = Goldens.folder("Lists")
      let own = Goldens.names(in: folder, ending: "json").compactMap { name -> List? in
        guard let kind = PriceListKind(rawValue: String(name.prefix { $0 != "." })) else {
          return nil
        }
        return List(
          kind: kind, file: folder.appending(path: name + ".json"),
          golden: folder.appending(path: name + ".expected.txt"))
      }
      let examples = folder.deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Examples/import")
      return own
        + PriceListKind.allCases.map { kind in
          List(
            kind: kind, file: examples.appending(path: kind.rawValue + ".json"),
            golden: folder.appending(path: kind.rawValue + ".example.expected.txt"))
        }
    }()
  }

  @Test(arguments: List.all)
  func makesTheCardThatIsExpected(_ list: List) throws {
    let imported = try PriceImport(Array(Data(contentsOf: list.file)), as: list.kind)
    let report = imported.report
    let skipped = SkipReason.allCases.compactMap { reason in
      report.skipped[reason].map { "\(reason.rawValue) \($0)" }
    }
    let leftOut = LeftOutName.allCases.compactMap { reason in
      report.leftOut[reason].map { "\(reason.rawValue) \($0)" }
    }
    var text = """
      models \(report.models), imported \(report.importedModels), unpriced \(report.unpricedModels)
      prices \(report.prices), imported \(report.importedPrices)
      skipped \(skipped.joined(separator: ", "))
      not imported \(report.skippedModels.joined(separator: ", "))
      names \(report.names), left out \(leftOut.joined(separator: ", "))
      rules \(report.rules)

      """
    for file in imported.files() { text += "--- \(file.name)\n\(file.text)" }
    let difference = try Goldens.difference(text, from: list.golden)
    #expect(difference == nil, "\(difference ?? "")")
  }

  /// Whatever a public list may well have is accepted; what is left would be a mistake of ours.
  @Test(arguments: List.all)
  func passesLint(_ list: List) throws {
    let imported = try PriceImport(Array(Data(contentsOf: list.file)), as: list.kind)
    func findings(_ files: [CardFile]) -> [Diagnostic] {
      let sample = Sample(
        files: files.map { SourceFile(path: $0.name, bytes: Array($0.text.utf8)) })
      return RateCard.load(files: sample.files, proving: .all(at: nil)).report.diagnostics
    }
    let first = findings(imported.files())
    let second = findings(imported.files(accepting: Set(first.map(\.code.name))))
    #expect(second.filter { $0.severity != .note }.map(\.message) == [])
  }
}
