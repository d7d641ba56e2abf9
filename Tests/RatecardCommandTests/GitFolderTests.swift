import Foundation
import RatecardDiagnostics
import Testing

@testable import RatecardCommand

/// Cards as a revision of a git repository has them.
@Suite struct GitFolderTests {
  /// A repository with a card in `pricing`, committed, which then changes on disk.
  private func repository() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(
      "ratecard: 1\nname: c\ncosts: [{name: a, credits: 1}]\n", to: "pricing/card.yaml")
    try folder.write("attributes: {batch: flag}\n", to: "pricing/more/attributes.yml")
    try folder.write("not: read\n", to: "pricing/_draft.yaml")
    try folder.write("not: read\n", to: "pricing/.hidden/card.yaml")
    try folder.write("not read either", to: "pricing/README.md")
    try folder.write("pricing export-ignore\n", to: ".gitattributes")
    try git(folder, "init", "--quiet")
    try git(folder, "add", "--all")
    try git(folder, "commit", "--quiet", "--message", "the first card")
    try git(folder, "tag", "first")
    try folder.write(
      "ratecard: 1\nname: c\ncosts: [{name: a, credits: 2}]\n", to: "pricing/card.yaml")
    return folder
  }

  private func git(_ folder: TemporaryFolder, _ words: String...) throws {
    let who = ["user.name=t", "user.email=t@example.com", "commit.gpgsign=false"].flatMap {
      ["-c", $0]
    }
    let outcome = try Subprocess.run(["git", "-C", folder.path] + who + words)
    try #require(outcome.code == 0, "\(String(decoding: outcome.errors, as: UTF8.self))")
  }

  @Test func aRevisionIsComparedWithTheFolder() throws {
    let folder = try repository()
    let run = CommandRun(["diff", "git:HEAD", "\(folder.path)/pricing"])
    #expect(run.errors.isEmpty)
    #expect(run.output == "costs\n  every request\n    1 credit → 2 credits (+100%)\n")
    #expect(run.code == 0)
    let back = CommandRun(["diff", "\(folder.path)/pricing", "git:first"])
    #expect(back.output == "costs\n  every request\n    2 credits → 1 credit (-50%)\n")
  }

  @Test func filesAreThoseThatALoaderReads() throws {
    let folder = try repository()
    for spelled in ["pricing", "./pricing/", "/pricing"] {
      let git = GitFolder(revision: "first", folder: spelled, workingFolder: folder.path)
      let files = try git.files()
      #expect(
        files.map(\.path) == ["first:pricing/card.yaml", "first:pricing/more/attributes.yml"])
      #expect(
        files.map { String(decoding: $0.bytes, as: UTF8.self) } == [
          "ratecard: 1\nname: c\ncosts: [{name: a, credits: 1}]\n", "attributes: {batch: flag}\n",
        ])
    }
  }

  /// More files than one command line names.
  @Test func manyFilesAreReadInOrder() throws {
    let folder = try repository()
    for number in 0..<1500 {
      try folder.write("# \(number)\n", to: "pricing/many/\(number).yaml")
    }
    try git(folder, "add", "--all")
    try git(folder, "commit", "--quiet", "--message", "many files")
    let files = try GitFolder(
      revision: "HEAD", folder: "pricing/many", workingFolder: folder.path
    ).files()
    #expect(files.count == 1500)
    #expect(
      files.allSatisfy {
        $0.path.hasSuffix(
          "/\(String(decoding: $0.bytes.dropFirst(2).dropLast(), as: UTF8.self)).yaml")
      })
  }

  @Test func whatGitDoesNotHaveIsSaid() throws {
    let folder = try repository()
    let unknown = CommandRun(["diff", "git:nowhere", "\(folder.path)/pricing"])
    #expect(unknown.code == 3)
    #expect(unknown.errors == "ratecard: git knows no revision `nowhere`\n")
    let option = CommandRun(["diff", "git:--all", "\(folder.path)/pricing"])
    #expect(option.code == 3)
    #expect(option.errors == "ratecard: git knows no revision `--all`\n")
    let outside = try TemporaryFolder()
    try outside.write("ratecard: 1\nname: c\n", to: "card.yaml")
    let none = CommandRun(["diff", "git:HEAD", outside.path])
    #expect(none.code == 3)
    #expect(none.errors.hasPrefix("ratecard: git cannot read `HEAD`: not a git repository"))
    #expect(throws: GitFolder.Failure.self) {
      try GitFolder(revision: "first", folder: "prices", workingFolder: folder.path).files()
    }
  }

  @Test func linksAreNotFollowed() throws {
    let folder = try repository()
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/pricing/link.yaml", withDestinationPath: "card.yaml")
    try git(folder, "add", "--all")
    try git(folder, "commit", "--quiet", "--message", "a link")
    let linked = CommandRun(["diff", "git:HEAD", "\(folder.path)/pricing"])
    #expect(
      linked.errors
        == "ratecard: cannot read `HEAD:link.yaml`: it is not a regular file in git\n")
  }

  @Test func aCardOfARevisionMayBeWrong() throws {
    let folder = try repository()
    try folder.write("ratecard: 1\nname: c\ncost: []\n", to: "pricing/card.yaml")
    try git(folder, "commit", "--quiet", "--all", "--message", "a slip")
    let run = CommandRun(["diff", "git:first", "\(folder.path)/pricing"])
    #expect(run.code == 1)
    let other = CommandRun(["diff", "git:HEAD", "\(folder.path)/pricing"])
    #expect(other.code == 1)
    #expect(other.errors.hasPrefix("HEAD:card.yaml:3:1: error: "))
  }

  @Test func whatIsMissingCannotBeStarted() throws {
    #expect(throws: Subprocess.Failure.self) { try Subprocess.run(["no-such-program-\(#line)"]) }
    let outcome = try Subprocess.run(["sh", "-c", "echo out; echo err >&2; exit 7"])
    #expect(outcome.code == 7)
    #expect(outcome.output == Array("out\n".utf8))
    #expect(outcome.errors == Array("err\n".utf8))
    #expect(throws: Subprocess.Failure.self) {
      try Subprocess.run(["sh", "-c", "while :; do echo more; done"], outputLimit: 1000)
    }
    #expect(try Subprocess.run(["sh", "-c", "kill -9 $$"]).code == nil)
  }
}
