/// The keys of a long mapping, found by their text; holds indices, so that no text is copied.
struct KeyTable {
  private var slots: ContiguousArray<Int32>

  /// Makes room for a number of keys; more must not be put in.
  init(room: Int) {
    var count = room == 0 ? 0 : 16
    while count < 2 * room { count *= 2 }
    slots = ContiguousArray(repeating: -1, count: count)
  }

  /// Puts a key in, or answers the one with the same text that is there already.
  mutating func insert(
    _ key: Int32, hash: Int, isSame: (Int32) -> Bool
  ) -> Int32? {
    let mask = slots.count - 1
    var slot = hash & mask
    while slots[slot] >= 0 {
      if isSame(slots[slot]) { return slots[slot] }
      slot = (slot + 1) & mask
    }
    slots[slot] = key
    return nil
  }
}
