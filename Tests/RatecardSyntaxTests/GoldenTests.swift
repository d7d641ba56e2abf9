import Foundation
import RatecardDiagnostics
import RatecardSyntax
import RatecardTestSupport
import Testing

/// Each file of `Goldens` against its diagnostics and its tree.
@Suite struct GoldenTests {
  static let folder = Goldens.folder("Goldens")

  @Test(arguments: Goldens.names(in: folder, ending: "yaml"))
  func reading(_ name: String) throws {
    let input = Self.folder.appendingPathComponent(name + ".yaml")
    let file = SourceFile(
      path: input.lastPathComponent, bytes: [UInt8](try Data(contentsOf: input)))
    var bag = DiagnosticBag()
    let tree = Tree.parse(file, as: FileID(0), into: &bag)
    let diagnostics = TextRenderer().render(bag.sorted, files: [file])
    let actual =
      (diagnostics.isEmpty ? "no findings\n" : diagnostics) + "\n"
      + TreeOutline(tree, of: file).text
    let difference = try Goldens.difference(
      actual, from: Self.folder.appendingPathComponent(name + ".expected.txt"))
    #expect(difference == nil, "\(difference ?? "")")
  }
}
