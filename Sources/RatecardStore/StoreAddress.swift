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
      var rest = text[...]
      if let end = rest.firstIndex(of: "?") { rest = rest[..<end] }
      let parts = rest.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
      let host = parts[2].split(separator: "@", omittingEmptySubsequences: false).last ?? ""
      shown = "\(parts[0])//\(host)"
    } else {
      kind = .none
      // It may be a mistyped address with a password in it.
      shown = text.contains("@") ? String(text.prefix { $0 != ":" }) + ":…" : text
    }
  }
}
