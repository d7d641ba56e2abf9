internal import RatecardValues

/// The order of names everywhere in a card: by their UTF-8 bytes.
extension String {
  /// Whether it comes before another name.
  func precedesByBytes(_ other: String) -> Bool { ExactText(self) < ExactText(other) }
}

extension [ExactText] {
  /// Whether a list of names in their order has a name.
  ///
  /// O(log names).
  func containsInOrder(_ name: ExactText) -> Bool {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < name { low = middle + 1 } else { high = middle }
    }
    return low < count && self[low] == name
  }
}

extension Sequence<String> {
  /// The names in their order.
  func sortedByBytes() -> [String] { sorted { $0.precedesByBytes($1) } }
}
