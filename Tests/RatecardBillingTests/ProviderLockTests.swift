import Foundation
import RatecardBilling
import RatecardValues
import Testing

/// The file that says what was made at the provider.
struct ProviderLockTests {
  let folder = FileManager.default.temporaryDirectory.appending(path: "lock-\(UUID().uuidString)")

  static let lock: ProviderLock = {
    var lock = ProviderLock(environment: .test)
    lock.business = "bus_1"
    lock.meter = "mtr_1"
    lock.entitlement = "cde_1"
    lock.set(product: "pdt_2", of: "pro+")
    lock.set(product: "pdt_0", of: "hobby")
    lock.set(product: "pdt_1", of: "hobby")
    lock.set(product: "y: no", of: "a: \"plan\" #1")
    lock.set(product: "1e3", of: "true")
    return lock
  }()

  @Test func comesBackAsItWas() throws {
    let yaml = Self.lock.yaml
    #expect(
      yaml == """
        # Made by `ratecard provision`: what the card has at the billing provider. Keep it.
        lock: 1
        provider: dodo
        environment: test
        business: bus_1
        meter: mtr_1
        credits: cde_1
        products:
          "a: \\"plan\\" #1": "y: no"
          hobby: pdt_1
          pro+: pdt_2
          true: "1e3"

        """)
    #expect(try ProviderLock(parsing: Array(yaml.utf8), path: "x") == Self.lock)
  }

  @Test(arguments: [
    ("", "is no lock of this version"), ("lock: 2\n", "is no lock of this version"),
    ("lock: 1\nprovider: dodo\nenvironment: prod\n", "is no lock of this version"),
    ("lock: 1\nprovider: dodo\nenvironment: test\nplans: {}\n", "nothing is known of its `plans`"),
    ("lock: 1\nlock: 1\n", "is no lock: "), ("[", "is no lock: "),
  ])
  func refusesWhatIsNone(_ text: String, _ part: String) {
    do throws(LockFailure) {
      _ = try ProviderLock(parsing: Array(text.utf8), path: "some.yaml")
      Issue.record("it was read")
    } catch {
      #expect(error.message.hasPrefix("`some.yaml`"))
      #expect(error.message.contains(part))
    }
  }

  @Test func liesInAFileThatIsFollowed() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let path = ProviderLock.path(folder: folder.path + "/", environment: .test)
    #expect(path == folder.path + "/.provider/test.lock.yaml")
    let file = LockFile(path)
    #expect(try file.read() == nil)
    let book = try LockBook(file)
    #expect(book.current == nil)
    try file.write(Self.lock)
    #expect(try file.read() == Self.lock)
    #expect(book.current == Self.lock)
    // What cannot be read does not take the place of what could.
    try Data("[".utf8).write(to: URL(filePath: path))
    #expect(book.current == Self.lock)
    #expect(throws: LockFailure.self) { try LockBook(file) }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/.provider")
    #expect(names == ["test.lock.yaml"], "nothing is left beside it")
  }

  @Test func isOfOneEnvironment() {
    #expect(throws: Never.self) { try Self.lock.check(isOf: .test, path: "p") }
    #expect(throws: LockFailure.self) { try Self.lock.check(isOf: .live, path: "p") }
  }
}
