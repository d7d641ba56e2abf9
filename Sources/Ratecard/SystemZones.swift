public import RatecardValues

extension ZoneDatabase {
  /// The zones of this system, read from `/usr/share/zoneinfo`.
  ///
  /// A zone is one that the IANA database names; the folder's other files and its doubles under
  /// `posix/` and `right/` are none. `UTC` is known on a system without the folder too.
  public static let system = ZoneDatabase { name in
    if name == "UTC" { return .utc }
    guard SystemZones.isZoneName(name), let bytes = SystemZones.read(name) else { return nil }
    return try? Zone(name: name, tzif: bytes)
  }
}

/// Where this system keeps its time zones, and which names may be looked for there.
enum SystemZones {
  static let folder = "/usr/share/zoneinfo/"
  /// The largest file that is read; the largest real one has about 4 KiB.
  static let largestFile = 1 << 20

  /// The bytes of a zone's file; nil where there is none.
  static func read(_ name: String) -> [UInt8]? {
    let path = FilePath(folder + name)
    guard let file = try? OpenFile(path), file.isRegular else { return nil }
    return try? file.contents(upTo: largestFile, at: path)
  }

  /// Whether a name is spelled as zones are, so that it cannot lead out of the folder: parts of
  /// letters, digits, `_`, `+` and `-`, joined by `/`.
  static func isZoneName(_ name: String) -> Bool {
    guard name.utf8.count <= 64, !notZones.contains(name) else { return false }
    let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard parts.count <= 3, parts.first.map({ !$0.elementsEqual("posix".utf8) }) == true,
      parts.first.map({ !$0.elementsEqual("right".utf8) }) == true
    else { return false }
    return parts.allSatisfy { part in
      guard let first = part.first, isLetter(first) else { return false }
      return part.allSatisfy { byte in
        isLetter(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
      }
    }
  }

  private static let notZones: Set<String> = ["localtime", "posixrules", "Factory"]

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }
}
