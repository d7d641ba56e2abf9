import Foundation
import RatecardDiagnostics
import RatecardSyntax
import RatecardTestSupport
import Testing

/// Each file of `Goldens` against its diagnostics and its tree.
@Suite struct GoldenTests {
  static let folder = Golden.folder("Goldens", beside: #filePath)

  @Test(arguments: try Golden.inputs(in: folder, endings: [".yaml"]))
  func reading(_ input: URL) throws {
    let file = SourceFile(
      path: input.lastPathComponent, bytes: [UInt8](try Data(contentsOf: input)))
    var bag = DiagnosticBag()
    let tree = Tree.parse(file, as: FileID(0), into: &bag)
    let diagnostics = TextRenderer().render(bag.sorted, files: [file])
    let actual = (diagnostics.isEmpty ? "no findings\n" : diagnostics) + "\n"
      + TreeOutline(tree, of: file).text
    let difference = try Golden.difference(actual, from: Golden.expected(for: input))
    #expect(difference == nil, "\(difference ?? "")")
  }
}
