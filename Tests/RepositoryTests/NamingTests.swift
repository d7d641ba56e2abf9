import Foundation
import Testing

/// Names that say nothing are not used, and files stay short enough to be read.
struct NamingTests {
  static let banned: Set<String> = [
    "Util", "Utils", "Utility", "Utilities", "Helper", "Helpers", "Common", "Manager", "Base",
    "Core", "New", "Impl", "Data",
  ]
  static let files =
    Repository.files(below: "Sources", extensions: ["swift"])
    + Repository.files(below: "Tests", extensions: ["swift"])

  @Test func modulesAndFoldersHaveNamesThatSaySomething() {
    let parts = Set(Self.files.flatMap { $0.split(separator: "/").dropLast() })
    for part in parts {
      #expect(Self.banned.isDisjoint(with: words(String(part))), "folder \(part)")
    }
  }

  @Test(arguments: files)
  func typesHaveNamesThatSaySomething(_ file: String) throws {
    let declared = try Repository.text(file).matches(
      of: /(?m)^[^\/"]*\b(?:struct|class|enum|actor|protocol|typealias) ([A-Z]\w*)/)
    for match in declared {
      #expect(Self.banned.isDisjoint(with: words(String(match.1))), "\(file): \(match.1)")
    }
  }

  @Test(arguments: files)
  func filesEndBeforeTheyTire(_ file: String) throws {
    let lines = try Repository.text(file).split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count <= 800, "\(file) has \(lines.count) lines")
  }

  /// The words of a name such as `RateCardReader`.
  private func words(_ name: String) -> Set<String> {
    Set(name.matches(of: /[A-Z]+(?![a-z])|[A-Z][a-z0-9]*|[a-z0-9]+/).map { String($0.0) })
  }
}
