/// Finds what the author may have meant: the nearest of the names in scope.
public enum Suggestion {
  /// The candidate nearest to `text`, or nil when none is near enough to be a likely slip.
  ///
  /// Distance counts insertions, deletions, replacements and swaps of neighbours, over characters;
  /// a slip in case alone counts as less than one. Of equally near candidates the one whose bytes
  /// sort first is taken, so the answer never depends on their order. O(candidates × length²).
  public static func closest(
    to text: String, among candidates: some Sequence<String>
  ) -> String? {
    let written = Array(text.unicodeScalars)
    guard !written.isEmpty, written.count <= longest else { return nil }
    let folded = Array(text.lowercased().unicodeScalars)
    let allowed = cutOff(written.count)
    var best: (distance: Int, name: String)?
    for name in candidates {
      let scalars = Array(name.unicodeScalars)
      guard abs(scalars.count - written.count) <= allowed, !scalars.isEmpty, scalars != written
      else { continue }
      let scalarsFolded = Array(name.lowercased().unicodeScalars)
      guard let insensitive = distance(folded, scalarsFolded, atMost: allowed) else { continue }
      let sensitive = distance(written, scalars, atMost: allowed) ?? allowed + 1
      let weight = insensitive + sensitive
      let isNearer =
        best.map { best in
          weight < best.distance
            || weight == best.distance && name.utf8.lexicographicallyPrecedes(best.name.utf8)
        } ?? true
      if isNearer { best = (weight, name) }
    }
    return best?.name
  }

  private static let longest = 200

  /// How many slips a name of this many characters may have: none in a single character.
  private static func cutOff(_ length: Int) -> Int {
    switch length {
    case ...1: 0
    case 2...4: 1
    case 5...8: 2
    default: min(length / 3, 5)
    }
  }

  /// The slips between two texts, or nil when there are more than `bound`.
  private static func distance(
    _ left: [Unicode.Scalar], _ right: [Unicode.Scalar], atMost bound: Int
  ) -> Int? {
    guard abs(left.count - right.count) <= bound else { return nil }
    var before: [Int] = []
    var previous = Array(0...right.count)
    for row in 1...max(left.count, 1) where row <= left.count {
      var current = [row]
      current.reserveCapacity(right.count + 1)
      for column in 1...max(right.count, 1) where column <= right.count {
        let isSame = left[row - 1] == right[column - 1]
        var cost = min(
          previous[column] + 1, current[column - 1] + 1, previous[column - 1] + (isSame ? 0 : 1))
        if row > 1, column > 1, left[row - 1] == right[column - 2],
          left[row - 2] == right[column - 1]
        {
          cost = min(cost, before[column - 2] + 1)
        }
        current.append(cost)
      }
      // A swap reaches back two rows, so both must have left the bound behind.
      let least = min(current.min() ?? 0, previous.min() ?? 0)
      guard least <= bound else { return nil }
      (before, previous) = (previous, current)
    }
    let result = previous[right.count]
    return result <= bound ? result : nil
  }
}
