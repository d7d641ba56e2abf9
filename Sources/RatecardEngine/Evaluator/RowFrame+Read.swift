/// How rows are read: column by column, each value to its atom.
extension Flat<RowFrame> {
  /// Classifies the texts of some rows; the bits of those that take a longer look are set.
  @inline(__always)
  func read(_ count: Int, _ given: UnsafePointer<String>) -> UInt64 {
    var odd: UInt64 = 0
    for place in 0..<base.pointee.lookedTexts {
      let column = base.pointee.texts.base + place
      var text = given + column.pointee.source
      var atom = base.pointee.atoms + column.pointee.axis
      for row in 0..<count {
        let found = known(text, column, row)
        if found == unknown { odd |= bit(row) } else { atom.pointee = found }
        text += base.pointee.textCount
        atom += base.pointee.stride
      }
    }
    return odd
  }

  /// What stands for a text that takes a longer look.
  @inline(__always)
  private var unknown: Int32 { .min }

  @inline(__always)
  private func known(
    _ text: UnsafePointer<String>, _ column: UnsafePointer<RowFrame.TextColumn>, _ row: Int
  ) -> Int32 {
    text.pointee.utf8.withContiguousStorageIfAvailable { known($0, column, row) } ?? unknown
  }

  @inline(__always)
  private func known(
    _ text: UnsafeBufferPointer<UInt8>, _ column: UnsafePointer<RowFrame.TextColumn>, _ row: Int
  ) -> Int32 {
    guard let bytes = text.baseAddress else { return unknown }
    let start = UnsafeRawPointer(bytes)
    let key = TextKey(inStorage: start, text.count)
    let hash = column.pointee.names.hash(key)
    guard let slot = column.pointee.names.slot(key, hash: hash, start) else {
      return other(key, hash, start, column, row)
    }
    if column.pointee.grants { base.pointee.plans[row] = slot.pointee.symbol }
    return slot.pointee.atom
  }

  /// The atom of a text without a name.
  @inline(never)
  private func other(
    _ key: TextKey, _ hash: Int, _ text: UnsafeRawPointer,
    _ column: UnsafePointer<RowFrame.TextColumn>, _ row: Int
  ) -> Int32 {
    guard column.pointee.takesOthers else { return unknown }
    if column.pointee.grants { base.pointee.plans[row] = -1 }
    let recent = base.pointee.recent + (hash &+ column.pointee.source) & (RecentText.count &- 1)
    if recent.pointee.matches(key, column: column.pointee.source) { return recent.pointee.atom }
    guard column.pointee.slot.pointee.hasAxis else { return 0 }
    let atom = column.pointee.slot.pointee.texts.affixes.atom(
      text.assumingMemoryBound(to: UInt8.self), key.length)
    if atom < 0 { return unknown }
    if key.length <= 16 {
      recent.pointee = RecentText(key, column: column.pointee.source, atom: atom)
    }
    return atom
  }

  /// Classifies texts in UTF-8, each with 16 bytes from its start on that may be read; the bits of
  /// rows that take a longer look are set.
  @inline(__always)
  func read(_ count: Int, _ given: UnsafePointer<UnsafeBufferPointer<UInt8>>) -> UInt64 {
    var odd: UInt64 = 0
    for place in 0..<base.pointee.lookedTexts {
      let column = base.pointee.texts.base + place
      var text = given + column.pointee.source
      var atom = base.pointee.atoms + column.pointee.axis
      for row in 0..<count {
        let found = known(text.pointee, column, row)
        if found == unknown { odd |= bit(row) } else { atom.pointee = found }
        text += base.pointee.textCount
        atom += base.pointee.stride
      }
    }
    return odd
  }

  /// Takes the texts of some rows that were looked up before.
  @inline(__always)
  func read(_ count: Int, _ given: UnsafePointer<Request.KnownText>) {
    var strangers: UInt64 = 0
    var column = base.pointee.handles.base
    let end = column + base.pointee.lookedTexts
    while column != end {
      let owner = column.pointee.owner
      var text = given + Int(column.pointee.source)
      var atom = base.pointee.atoms + Int(column.pointee.axis)
      for _ in 0..<count {
        strangers |= text.pointee.owner ^ owner
        atom.pointee = text.pointee.atom
        text += base.pointee.textCount
        atom += base.pointee.stride
      }
      column += 1
    }
    precondition(
      strangers == 0,
      "a text's handle belongs to the attribute and the card that it was made for")
    if base.pointee.planSource >= 0 {
      for row in 0..<count {
        base.pointee.plans[row] =
          given[row &* base.pointee.textCount &+ base.pointee.planSource].symbol
      }
    }
  }

  /// Classifies the integers of some rows; the bits of those that take a longer look are set.
  @inline(__always)
  func read(_ count: Int, _ given: UnsafePointer<Int>) -> UInt64 {
    var odd: UInt64 = 0
    for place in 0..<base.pointee.integerCount {
      let column = base.pointee.numbers.base + place
      var number = given + column.pointee.source
      var atom = base.pointee.atoms + column.pointee.axis
      for row in 0..<count {
        let integer = Int64(number.pointee)
        if integer < column.pointee.least { odd |= bit(row) }
        atom.pointee = column.pointee.numbers.atom(of: integer)
        number += base.pointee.integerCount
        atom += base.pointee.stride
      }
    }
    return odd
  }
}
