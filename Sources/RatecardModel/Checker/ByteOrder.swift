/// The order of names everywhere in a card: by their UTF-8 bytes.
extension String {
  /// Whether it comes before another name.
  func precedesByBytes(_ other: String) -> Bool {
    utf8.lexicographicallyPrecedes(other.utf8)
  }
}

extension Sequence<String> {
  /// The names in their order.
  func sortedByBytes() -> [String] { sorted { $0.precedesByBytes($1) } }
}
