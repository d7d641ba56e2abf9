import Foundation
import RatecardStore
import RatecardValues
import Testing

@testable import RatecardStore

/// What lies where a store should be.
struct FileTests {
  /// The files of a folder and their bytes.
  private func contents(_ folder: URL) throws -> [String: Data] {
    var contents: [String: Data] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      // What connections share memory by is no part of a database.
      if name.hasSuffix("-shm") { continue }
      let bytes = try Data(contentsOf: folder.appending(path: name))
      if name.hasSuffix("-wal"), bytes.isEmpty { continue }
      contents[name] = bytes
    }
    return contents
  }

  private func reason(_ place: Place, serving: Bool = false) -> StoreFailure.Reason? {
    do throws(StoreFailure) {
      _ = try Store.open(place.address, serving: serving)
      return nil
    } catch {
      return error.reason
    }
  }

  private func filled(_ place: Place) throws {
    let store = try place.open()
    for group in 0..<20 {
      _ = try store.commit((0..<50).map { .usage(usage("e\(group)-\($0)", "c\($0)")) })
    }
  }

  @Test func isMadeForItsOwnerAlone() throws {
    let place = try Place(.sqlite)
    defer { place.remove() }
    let store = try place.open()
    _ = try store.commit([.usage(usage("a"))])
    for name in ["store.db", "store.db-wal"] {
      let attributes = try FileManager.default.attributesOfItem(
        atPath: place.folder.appending(path: name).path)
      #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
    }
  }

  @Test(arguments: [false, true])
  func leavesForeignFilesAlone(serving: Bool) throws {
    let place = try Place(.sqlite)
    defer { place.remove() }
    var random = SystemRandomNumberGenerator()
    let noise = (0..<5000).map { _ in UInt8.random(in: 0...255, using: &random) }
    for bytes in [Array("ratecard: 1\n".utf8), [0], noise, Array("SQLite format 3\0".utf8)] {
      try Data(bytes).write(to: place.file)
      let before = try contents(place.folder)
      #expect(reason(place, serving: serving) == .foreign)
      #expect(try contents(place.folder) == before)
    }
    try FileManager.default.removeItem(at: place.file)
    try Data().write(to: place.file)
    let other = try SQLiteConnection(
      path: place.file.path, role: .writer(serving: false), busyMilliseconds: 0)
    try other.execute("CREATE TABLE notes (text TEXT); PRAGMA user_version = 1")
    let before = try contents(place.folder)
    #expect(reason(place, serving: serving) == .foreign)
    _ = try other.text("PRAGMA journal_mode = WAL")
    try other.execute("INSERT INTO notes VALUES ('mine')")
    let logged = try contents(place.folder)
    #expect(reason(place, serving: serving) == .foreign)
    #expect(try contents(place.folder) == logged)
    #expect(before != logged)
    #expect(reason(try folderPlace(place)) == .foreign)
  }

  /// A place whose file is a folder.
  private func folderPlace(_ place: Place) throws -> Place {
    try FileManager.default.removeItem(at: place.file)
    try FileManager.default.createDirectory(at: place.file, withIntermediateDirectories: true)
    return place
  }

  @Test(arguments: Engine.available)
  func leavesNewerStoresAlone(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    try filled(place)
    let known = Migration.latest
    try place.raw { connection in try connection.setSchemaVersion(known + 7) }
    let before = try contents(place.folder)
    #expect(reason(place) == .newerSchema(found: known + 7, known: known))
    #expect(reason(place, serving: true) == .newerSchema(found: known + 7, known: known))
    var after = try contents(place.folder)
    after["store.db.lock"] = nil
    #expect(after == before)
  }

  /// The version may be in the log only, while another process has the store open.
  @Test func leavesStoresAloneThatAreNewerInTheLog() throws {
    let place = try Place(.sqlite)
    defer { place.remove() }
    try filled(place)
    try place.raw { connection in
      try connection.setSchemaVersion(99)
      let before = try contents(place.folder)
      #expect(before["store.db-wal"] != nil)
      #expect(reason(place) == .newerSchema(found: 99, known: Migration.latest))
      #expect(try contents(place.folder) == before)
    }
  }

  @Test func leavesDamagedStoresAlone() throws {
    let place = try Place(.sqlite)
    defer { place.remove() }
    try filled(place)
    var bytes = try Data(contentsOf: place.file)
    let last = bytes.count - 4096
    for page in stride(from: 4096 * 3, to: last, by: 4096) {
      bytes.replaceSubrange(page..<page + 64, with: Data(repeating: 0xA5, count: 64))
    }
    try bytes.write(to: place.file)
    let before = try contents(place.folder)
    guard case .corrupt = reason(place, serving: true) else {
      Issue.record("damage was not noticed: \(String(describing: reason(place, serving: true)))")
      return
    }
    var after = try contents(place.folder)
    after["store.db.lock"] = nil
    #expect(after == before)
  }

  @Test func isServedByOneProcess() throws {
    let place = try Place(.sqlite)
    defer { place.remove() }
    let serving = try place.open(serving: true)
    #expect(reason(place, serving: true) == .served)
    let beside = try place.open()
    _ = try beside.commit([.usage(usage("a"))])
    #expect(try serving.usage("a") != nil)
  }

  @Test func isServedAgainAfterwards() throws {
    let place = try Place(.sqlite)
    defer { place.remove() }
    for _ in 0..<3 { _ = try place.open(serving: true) }
  }

  @Test func saysWhatIsWrongWithAnAddress() throws {
    func description(_ address: String) -> String {
      do throws(StoreFailure) {
        _ = try Store.open(address)
        return "opened"
      } catch {
        return error.description
      }
    }
    #expect(
      description("store.db")
        == "`store.db` is no store; write `sqlite:FILE` or `postgres://HOST/DATABASE`")
    #expect(!description("mysql://me:secret@db/x").contains("secret"))
    #expect(
      description("sqlite:/nowhere/store.db")
        == "cannot open the store `sqlite:/nowhere/store.db`: no such file or directory")
    #if PostgreSQL
      let lost = description("postgres://me:secret@127.0.0.1:1/x?connect_timeout=2")
      #expect(lost.hasPrefix("no connection to the store `postgres://127.0.0.1:1/x`: "))
      #expect(!lost.contains("secret"))
      for address in [
        "postgres://me:sec?ret@127.0.0.1:1/x", "postgres://127.0.0.1:1/x?password=sec@ret",
        "postgres://me:sec%zzret@127.0.0.1:1/x",
      ] {
        let text = description(address)
        #expect(text.hasPrefix("no connection") || text.contains("malformed"), "\(text)")
        #expect(!text.contains("sec") && !text.contains("ret@"), "\(text)")
      }
    #else
      #expect(
        description("postgres://me:secret@db/x")
          == "cannot open the store `postgres://db/x`: this program was built without PostgreSQL; "
          + "build it with `--traits PostgreSQL`")
    #endif
  }

  /// The engine takes some names for no file at all.
  @Test func takesEveryNameForAFile() throws {
    let place = try Place(.sqlite)
    defer { place.remove() }
    for name in [":memory:", "file:x?mode=memory", "a b?c#d%41.db"] {
      let path = place.folder.appending(path: "x").path.dropLast(1) + name
      _ = try Store.open("sqlite:\(path)")
      #expect(FileManager.default.fileExists(atPath: String(path)))
    }
  }

  @Test func writesOverALogThatIsInTheDatabase() throws {
    let place = try Place(.sqlite)
    defer { place.remove() }
    let store = try place.open(serving: true)
    for group in 0..<20 {
      _ = try store.commit((0..<50).map { .usage(usage("e\(group)-\($0)", "c\($0)")) })
    }
    let log = place.folder.appending(path: "store.db-wal")
    let before = try Data(contentsOf: log)
    #expect(before.count > 500_000)
    try store.checkpoint(restartAbove: 400_000)
    #expect(try Data(contentsOf: log) == before)
    _ = try store.commit([.usage(usage("last", "c"))])
    let after = try Data(contentsOf: log)
    #expect(after.count == before.count && after.prefix(64) != before.prefix(64))
    #expect(try store.usage("e19-49") != nil)
    #expect(try store.usage("last") != nil)
  }
}
