import Foundation
import RatecardTestSupport
import Testing

/// What Examples/deploy tells a machine to run is what there is to run.
struct DeploymentTests {
  private static func text(_ name: String) throws -> String {
    try Repository.text("Examples/deploy/\(name)")
  }

  private static func isThere(_ program: String) -> Bool {
    (try? Shell.run("command -v \(program)"))?.status == 0
  }

  /// The words of a text that begin with two hyphens.
  private static func options(_ text: Substring) -> [String] {
    text.split(whereSeparator: { " \"[],\\\n".contains($0) }).map(String.init)
      .filter { $0.hasPrefix("--") }
  }

  @Test func optionsAreTheProgrammes() throws {
    let help = try Shell.run("ratecard serve --help").output
    let unit = try #require(Self.text("ratecard.service").firstMatch(of: #/ExecStart=.*/#))
    let container = try #require(Self.text("Containerfile").firstMatch(of: #/(?s)ENTRYPOINT.*/#))
    let options = Self.options(unit.output) + Self.options(container.output)
    #expect(options.count >= 3)
    for option in options { #expect(help.contains("  \(option) "), "\(option)") }
  }

  @Test(.enabled(if: isThere("systemd-analyze"), "systemd is not installed"))
  func theUnitIsSound() throws {
    let folder = try TemporaryFolder()
    let unit = folder.url.appending(path: "ratecard.service")
    let program = Repository.programs.appending(path: "ratecard").path
    try Self.text("ratecard.service").replacing("/usr/local/bin/ratecard", with: program)
      .write(to: unit, atomically: true, encoding: .utf8)
    let verified = try Shell.run("systemd-analyze verify '\(unit.path)'", merged: true)
    #expect(verified.status == 0 && verified.output.isEmpty, "\(verified.output)")
    // From 0, nothing can be done, to 100, everything.
    let security = try Shell.run(
      "systemd-analyze security --offline=true --no-pager --threshold=20 '\(unit.path)'",
      merged: true)
    #expect(security.status == 0, "\(security.output)")
  }

  /// The image has the libraries that the program is linked with, and builds with what it takes.
  @Test(.enabled(if: isThere("dpkg"), "the packages are Debian's"))
  func theImageHasTheLibraries() throws {
    let stages = try Self.text("Containerfile").split(separator: "\nFROM ")
    #expect(stages.count == 3, "what stands before the first, and two")
    let script = try Repository.text("Scripts/prepare.sh")
    let program = try #require(script.firstMatch(of: #/(?s)need_program\(\) \{.*?\n\}/#))
    let headers = program.output.matches(of: #/need (lib\S+-dev) /#).map { String($0.output.1) }
      .filter { $0 != "libc6-dev" }
    #expect(headers.count > 4)
    for package in headers { #expect(stages[1].contains(" \(package) "), "\(package)") }

    let owners = try Shell.run(
      """
      program="$(command -v ratecard)"
      for library in $(objdump -p "$program" | awk '$1 == "NEEDED" {print $2}'); do
        path="$(ldd "$program" | awk -v name="$library" '$1 == name {print $3}')"
        [ -n "$path" ] && dpkg -S "$(readlink -f "$path")" "$path" 2>/dev/null | head -n 1
      done
      """)
    let packages = Set(
      owners.output.split(separator: "\n").compactMap { $0.split(separator: ":").first }
        .map(String.init)
    ).subtracting(["libc6", "libgcc-s1", "libstdc++6"])
    #expect(packages.count >= 5, "\(owners.output) \(owners.errors)")
    for package in packages.sorted() {
      #expect(stages[2].contains(" \(package) "), "the image lacks \(package)")
    }
  }

  /// What is copied into the image is there to be copied.
  @Test func theImageCopiesWhatIsThere() throws {
    let copies = try Self.text("Containerfile").matches(of: #/(?m)^COPY ([^-\s]\S*) /#)
    #expect(copies.count == 3)
    for copy in copies {
      let url = Repository.root.appending(path: String(copy.output.1))
      #expect(FileManager.default.fileExists(atPath: url.path), "\(copy.output.1)")
    }
  }
}
