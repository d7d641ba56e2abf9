import Foundation
import Testing

/// A disk without room, which takes a file system of its own.
struct FullDiskTests {
  static let canMount =
    (try? Victim(["-rm", "mount", "-t", "tmpfs", "none", "/mnt"], of: "/usr/bin/unshare"))?.status
    == 0

  @Test(.enabled(if: canMount, "this system does not let us mount a file system of our own"))
  func refusesClearlyAndRecovers() throws {
    let place = try Place(.sqlite)
    defer { place.remove() }
    let line = "mount -t tmpfs -o size=4m none '\(place.folder.path)' && exec \"$0\" fill \"$1\""
    let victim = try Victim(
      ["-rm", "bash", "-c", line, Victim.program.path, place.folder.path], of: "/usr/bin/unshare")
    #expect(victim.status == 0, "\(victim.errors)")
    #expect(victim.output.split(separator: " ").count == 2)
  }
}
