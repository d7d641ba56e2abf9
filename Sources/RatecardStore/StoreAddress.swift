/// Where a store lies.
struct StoreAddress {
  enum Kind {
    case none
    case sqlite(path: String)
    case postgreSQL(url: String)
  }

  let kind: Kind
  /// The address without what is secret: neither user, password nor options.
  let shown: String

  init(_ text: String) {
    if text.hasPrefix("sqlite:"), text.utf8.count > 7, !text.utf8.contains(0) {
      kind = .sqlite(path: String(text.dropFirst(7)))
      shown = text
    } else if text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") {
      kind = .postgreSQL(url: text)
      shown = Self.shown(text)
    } else {
      kind = .none
      // It may be a mistyped address with a password in it.
      shown = text.contains("@") ? String(text.prefix { $0 != ":" }) + ":…" : text
    }
  }

  /// The scheme, host and database of an address.
  ///
  /// A password may hold any of the characters that divide an address, and so may an option. Where
  /// an `@` stands behind a `?` nobody can tell which of them it ends, and none is shown.
  private static func shown(_ text: String) -> String {
    let scheme = text.prefix { $0 != ":" }
    var rest = text[...]
    if let end = rest.firstIndex(of: "?") {
      if rest[end...].contains("@") { return "\(scheme)://…" }
      rest = rest[..<end]
    }
    let parts = rest.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
    let host = parts[2].split(separator: "@", omittingEmptySubsequences: false).last ?? ""
    return "\(scheme)://\(host)"
  }
}
