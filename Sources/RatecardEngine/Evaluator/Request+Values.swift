public import RatecardValues

/// How a request is given its values, each checked and classified at once.
extension Request {
  /// A text as a table knows it.
  public struct KnownText: Hashable, BitwiseCopyable, Sendable {
    /// Its symbol; -1: the card does not name it.
    public let symbol: Int32
    let atom: Int32
    /// The attribute that it was looked up for, and the layout; no other pair has the same.
    let owner: UInt64
    let key: UInt64
  }

  /// A text of a `text` or `choice` attribute as the table knows it; models by name, aliases resolved.
  public static func known(
    _ text: String, _ place: Int, of table: RuleTable
  ) throws(Problem) -> KnownText {
    var request = Request(for: table)
    try request.set(place, text: text)
    let axis = request.slot(place).pointee.axis
    return KnownText(
      symbol: request.symbols[place], atom: request.atoms[axis],
      owner: request.owner(place), key: request.keys[place])
  }

  @inline(__always)
  private func owner(_ place: Int) -> UInt64 {
    kernel.pointee.serial | UInt64(truncatingIfNeeded: place)
  }

  /// Gives an attribute a text that was looked up before.
  public mutating func set(_ place: Int, _ text: KnownText) {
    precondition(
      text.owner == owner(place),
      "a text's handle belongs to the attribute and the card that it was made for")
    atoms[slot(place).pointee.axis] = text.atom
    symbols[place] = text.symbol
    keys[place] = text.key
  }

  /// Gives a `text` or `choice` attribute a text that the card names, or that its globs tell apart by
  /// how it begins and ends; false: it is another text, or the attribute takes no texts, and nothing
  /// is changed.
  ///
  /// One pass over the bytes, and for a text without a name one over the first and the last of them.
  public mutating func set(_ place: Int, named text: borrowing String) -> Bool {
    let slot = self.slot(place)
    guard slot.pointee.hasTexts else { return false }
    guard let known = slot.pointee.texts.names.slot(of: text) else {
      return set(place, unnamed: text)
    }
    set(place, known)
    return true
  }

  /// Gives a `text` or `choice` attribute a text, in UTF-8, that the card names, or any text where no
  /// rule looks at it; false: it is another text, or the attribute takes no texts, and nothing is
  /// changed.
  public mutating func set(_ place: Int, utf8 text: UnsafeBufferPointer<UInt8>) -> Bool {
    let slot = self.slot(place)
    guard slot.pointee.hasTexts else {
      // An answer would have to name a model.
      guard slot.pointee.kind == .text, !slot.pointee.hasAxis, !slot.pointee.isSplitKey,
        place != kernel.pointee.places.model
      else { return false }
      symbols[place] = -1
      return true
    }
    let names = slot.pointee.texts.names
    guard let start = text.baseAddress.map({ UnsafeRawPointer($0) }),
      let known = names.slot(TextKey(start, text.count), start)
    else { return false }
    set(place, known)
    return true
  }

  @inline(__always)
  private mutating func set(_ place: Int, _ known: UnsafePointer<SymbolTable.Slot>) {
    let slot = kernel.pointee.slots.base + place
    let symbol = known.pointee.symbol
    atoms[slot.pointee.axis] = known.pointee.atom
    if slot.pointee.isSplitKey { keys[place] = slot.pointee.keyOfSymbol[symbol] }
    symbols[place] = symbol
  }

  /// Models have names by which others are known, which takes a longer look.
  @inline(never)
  private mutating func set(_ place: Int, unnamed text: borrowing String) -> Bool {
    let slot = self.slot(place)
    let places = kernel.pointee.places
    guard slot.pointee.kind == .text, slot.pointee.hasAxis, !slot.pointee.isSplitKey,
      place != places.model, place != places.requestedModel
    else { return false }
    let atom = slot.pointee.texts.atom(ofOther: text)
    if atom < 0 { return false }
    atoms[slot.pointee.axis] = atom
    symbols[place] = -1
    return true
  }

  /// Gives a `text` or `choice` attribute any text; models are given by name, aliases resolved.
  public mutating func set(_ place: Int, text: String) throws(Problem) {
    if set(place, named: text) { return }
    let slot = self.slot(place)
    guard slot.pointee.takesText else { throw .wrongKind(attribute: place) }
    guard !slot.pointee.isClosed else { throw .notInSet(attribute: place, text) }
    if slot.pointee.hasAxis, let texts = table.layout.attributes[place].texts {
      guard let atom = texts.atom(ofOther: text) else { throw .notInSet(attribute: place, text) }
      atoms[slot.pointee.axis] = atom
    }
    symbols[place] = -1
    if slot.pointee.isSplitKey { keys[place] = StableHash.of(text) }
  }

  /// Gives a `flag` attribute its value.
  public mutating func set(_ place: Int, flag: Bool) throws(Problem) {
    let slot = self.slot(place)
    guard slot.pointee.kind == .flag else { throw .wrongKind(attribute: place) }
    atoms[slot.pointee.axis] = flag ? 1 : 0
    if slot.pointee.isSplitKey { keys[place] = StableHash.of(flag ? "true" : "false") }
    symbols[place] = -1
  }

  /// Gives a `count`, `quantity` or `number` attribute an integer; false: that takes a closer look, and
  /// nothing is changed.
  public mutating func set(_ place: Int, quickly integer: Int64) -> Bool {
    let slot = self.slot(place)
    guard integer >= slot.pointee.leastQuick, integer != .max else { return false }
    // Without an axis there are no cuts, and the atom is written where nobody reads.
    atoms[slot.pointee.axis] = slot.pointee.numbers.atom(of: integer)
    quantities[place] = Quantity(integer)
    symbols[place] = -1
    return true
  }

  /// Gives a `count`, `quantity` or `number` attribute an integer.
  public mutating func set(_ place: Int, integer: Int64) throws(Problem) {
    if set(place, quickly: integer) { return }
    let slot = self.slot(place)
    guard slot.pointee.takesNumbers else { throw .wrongKind(attribute: place) }
    if integer < 0, !slot.pointee.takesNegatives { throw .outOfRange(attribute: place) }
    atoms[slot.pointee.axis] = slot.pointee.numbers.atom(of: integer)
    if slot.pointee.isSplitKey { keys[place] = StableHash.of(Number(Int(integer))) }
    quantities[place] = Quantity(integer)
    symbols[place] = -1
  }

  /// Gives a `count`, `quantity` or `number` attribute its value.
  public mutating func set(_ place: Int, number: Number) throws(Problem) {
    let quantity = Quantity(number)
    if let integer = quantity.short { return try set(place, integer: integer) }
    let slot = self.slot(place)
    guard slot.pointee.takesNumbers else { throw .wrongKind(attribute: place) }
    if number.isNegative, !slot.pointee.takesNegatives { throw .outOfRange(attribute: place) }
    if !number.isInteger, slot.pointee.kind == .count { throw .outOfRange(attribute: place) }
    atoms[slot.pointee.axis] = slot.pointee.numbers.atom(of: number)
    if slot.pointee.isSplitKey { keys[place] = StableHash.of(number) }
    quantities[place] = quantity
    symbols[place] = -1
  }

  /// Gives an `instant` attribute its value.
  public mutating func set(_ place: Int, instant: Instant) throws(Problem) {
    let slot = self.slot(place)
    guard slot.pointee.kind == .instant else { throw .wrongKind(attribute: place) }
    if place == kernel.pointee.places.at, !slot.pointee.isSplitKey {
      at = instant
      symbols[place] = -1
    } else {
      try set(place, other: instant)
    }
  }

  @inline(never)
  private mutating func set(_ place: Int, other instant: Instant) throws(Problem) {
    let slot = self.slot(place)
    guard let number = Number(significand: instant.nanoseconds, exponent: 0) else {
      throw .outOfRange(attribute: place)
    }
    if place == kernel.pointee.places.at { at = instant }
    atoms[slot.pointee.axis] = slot.pointee.numbers.atom(of: number)
    if slot.pointee.isSplitKey { keys[place] = StableHash.of(number) }
    quantities[place] = Quantity(number)
    symbols[place] = -1
  }
}
