import Foundation
import RatecardValues

/// Zones from the system's files.
enum ZoneFile {
  static let names = [
    "UTC", "America/New_York", "Europe/London", "Asia/Shanghai", "Australia/Lord_Howe",
    "Asia/Kolkata", "America/Sao_Paulo", "Africa/Casablanca", "Pacific/Apia", "Europe/Dublin",
    "Asia/Gaza", "America/Santiago", "Pacific/Chatham",
  ]

  static func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: "/usr/share/zoneinfo/\(name)")))
  }

  static func zone(_ name: String) throws -> Zone {
    try Zone(name: name, tzif: try bytes(name))
  }
}
