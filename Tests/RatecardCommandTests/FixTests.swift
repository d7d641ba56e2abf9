import Foundation
import Testing

/// `lint --fix` changes what it says it changes, and not a byte more.
@Suite struct FixTests {
  static let card = """
    # A card.\r
    ratecard: 1\r
    name: fixed   # comments stay
    models: {gpt-4o: {}, gpt-4o-mini: {aliases: [mini]}}
    costs:
      - name: agents     # here too
        when: {request_type: agent, model: mini}
        credits: "25"
    """

  @Test func bytesOutsideStay() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.card, to: "card.yaml")
    try folder.write("# nothing here\n", to: "other.yaml")
    let run = CommandRun(["lint", folder.path, "--fix"])
    #expect(run.code == 0, "\(run.output)")
    let expected = Self.card
      .replacingOccurrences(of: "model: mini", with: "model: gpt-4o-mini")
      .replacingOccurrences(of: "\"25\"", with: "25")
    #expect(String(decoding: try folder.read("card.yaml"), as: UTF8.self) == expected)
    #expect(run.errors.contains("applied 2 fixes"))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(names == ["card.yaml", "other.yaml"])
  }

  /// A link stays a link, permissions stay, and what needs no fix is not written.
  @Test func linksAndPermissionsStay() throws {
    let folder = try TemporaryFolder()
    let files = FileManager.default
    try folder.write(Self.card, to: "_real/source.txt")
    let real = folder.path + "/_real/source.txt"
    try files.setAttributes([.posixPermissions: 0o640], ofItemAtPath: real)
    try files.createSymbolicLink(
      atPath: folder.path + "/card.yaml", withDestinationPath: "_real/source.txt")
    #expect(CommandRun(["lint", folder.path, "--fix"]).code == 0)
    #expect(
      try files.destinationOfSymbolicLink(atPath: folder.path + "/card.yaml")
        == "_real/source.txt")
    let mode = try files.attributesOfItem(atPath: real)[.posixPermissions] as? Int
    #expect(mode == 0o640)
    #expect(
      String(decoding: try folder.read("_real/source.txt"), as: UTF8.self)
        .contains("credits: 25"))
    let before = try files.attributesOfItem(atPath: real)[.systemFileNumber] as? Int
    #expect(CommandRun(["lint", folder.path, "--fix"]).code == 0)
    #expect(try files.attributesOfItem(atPath: real)[.systemFileNumber] as? Int == before)
  }
}
