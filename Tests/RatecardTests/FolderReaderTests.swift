import Foundation
import RatecardDiagnostics
import RatecardValues
import Testing

@testable import Ratecard

/// Which files of a folder are the card.
@Suite struct FolderReaderTests {
  private func paths(_ folder: Folder, _ name: String = "") throws -> [String] {
    let root = name.isEmpty ? folder.path : folder.at(name)
    return try FolderReader.read(root).files.map { String($0.path.dropFirst(root.count + 1)) }
  }

  @Test func readsYAMLBelowInOrderOfPaths() throws {
    let folder = try Folder()
    for name in [
      "b.yaml", "a.yml", "B.yaml", "deep/er/c.yaml", "deep/a.yaml", ".hidden.yaml", "_draft.yaml",
      "_drafts/d.yaml", ".git/e.yaml", "notes.md", "yaml", "folder.yaml/inside.yml", "c.yaml.bak",
    ] {
      try folder.write("# \(name)\n", to: name)
    }
    #expect(
      try paths(folder) == [
        "B.yaml", "a.yml", "b.yaml", "deep/a.yaml", "deep/er/c.yaml", "folder.yaml/inside.yml",
      ])
    #expect(try FolderReader.read(folder.path + "//").files.first?.path == folder.at("B.yaml"))
    let bytes = try FolderReader.read(folder.path).files.map {
      String(decoding: $0.bytes, as: UTF8.self)
    }
    #expect(bytes.first == "# B.yaml\n")
  }

  /// The layout of a mounted ConfigMap: files are links into a hidden folder that is a link itself.
  @Test func followsLinksAsKubernetesMakesThem() throws {
    let folder = try Folder()
    try folder.write("# one\n", to: "..2026_01/costs.yaml")
    try folder.link("..data", to: "..2026_01")
    try folder.link("costs.yaml", to: "..data/costs.yaml")
    #expect(try paths(folder) == ["costs.yaml"])
  }

  @Test func readsWhatSeveralNamesLeadToOnceByItsTrueName() throws {
    let folder = try Folder()
    try folder.write("# z\n", to: "z/card.yaml")
    try folder.link("a", to: "z")
    try folder.link("again.yaml", to: "z/card.yaml")
    try folder.link("z/round", to: "..")
    try folder.link("self", to: ".")
    #expect(try paths(folder) == ["z/card.yaml"])
  }

  @Test func followsLinksOutOfTheFolder() throws {
    let folder = try Folder()
    try folder.write("# shared\n", to: "shared/one.yaml")
    try folder.write("# own\n", to: "card/own.yaml")
    try folder.link("card/shared", to: "../shared")
    #expect(try paths(folder, "card") == ["own.yaml", "shared/one.yaml"])
  }

  @Test func theFolderMayBeALink() throws {
    let folder = try Folder()
    try folder.write("# one\n", to: "real/one.yaml")
    try folder.link("card", to: "real")
    #expect(
      try FolderReader.read(folder.at("card")).files.map(\.path) == [folder.at("card/one.yaml")])
  }

  @Test func saysWhatCannotBeRead() throws {
    let folder = try Folder()
    func failure(_ name: String, _ limits: FolderReader.Limits = .init()) -> FileFailure? {
      do {
        _ = try FolderReader.read(folder.at(name), limits: limits)
        return nil
      } catch {
        return error
      }
    }
    #expect(failure("none")?.reason == .system(ENOENT))
    try folder.write("a\n", to: "file.yaml")
    #expect(failure("file.yaml")?.reason == .system(ENOTDIR))
    try folder.write("a\n", to: "empty/notes.md")
    #expect(failure("empty")?.reason == .noFiles)
    try FileManager.default.createDirectory(
      atPath: folder.at("dangling"), withIntermediateDirectories: true)
    try folder.link("dangling/a.yaml", to: "nowhere")
    #expect(failure("dangling")?.reason == .system(ENOENT))
    #expect(failure("dangling")?.path == folder.at("dangling/a.yaml"))
    try FileManager.default.createDirectory(
      atPath: folder.at("pipe"), withIntermediateDirectories: true)
    mkfifo(folder.at("pipe/a.yaml"), 0o644)
    #expect(failure("pipe")?.reason == .notARegularFile)

    for index in 0..<3 { try folder.write("abc\n", to: "many/\(index)/\(index).yaml") }
    #expect(failure("many", .init(files: 2))?.reason == .tooManyFiles(limit: 2))
    #expect(failure("many", .init(totalBytes: 10))?.reason == .tooManyBytes(limit: 10))
    #expect(failure("many", .init(depth: 1))?.reason == .tooDeep(limit: 1))
    #expect(failure("many", .init(folders: 3))?.reason == .tooManyFolders(limit: 3))
    #expect(failure("many", .init(files: 3, totalBytes: 12, depth: 2, folders: 4)) == nil)
  }

  /// A file beyond the limit is cut one byte past it, which the parser then reports.
  @Test func cutsFilesThatAreTooLarge() throws {
    let folder = try Folder()
    try folder.write("0123456789", to: "a.yaml")
    let limits = FolderReader.Limits(fileBytes: 4)
    #expect(try FolderReader.read(folder.path, limits: limits).files.first?.bytes.count == 5)
  }

  @Test(arguments: [
    ("Europe/Berlin", true), ("America/Argentina/Buenos_Aires", true), ("Etc/GMT+5", true),
    ("UTC", true), ("../zoneinfo/Europe/Berlin", false), ("/etc/passwd", false),
    ("Europe/../Europe/Berlin", false), ("Europe", false), ("zone.tab", false),
    ("posix/Europe/Berlin", false), ("right/Europe/Berlin", false), ("localtime", false),
    ("Europe//Berlin", false), ("Europe/Berlin/", false), ("", false), ("Nowhere/Land", false),
    ("europe\u{0}/berlin", false),
  ])
  func knowsZonesByTheirNames(_ name: String, _ isZone: Bool) {
    #expect((ZoneDatabase.system.zone(name) != nil) == isZone)
  }
}
