public import RatecardValues

/// Tells which atom of an axis a text is.
public struct TextClassifier: Sendable {
  private let places: [ExactText: Int32]
  private let globs: [Glob]
  /// The atom of each combination of globs (bit `i` for glob `i`, in words) among other texts.
  private let atomOfCombination: [[UInt64]: Int32]

  /// Makes a classifier; `combinations` are ascending glob indices with their atoms, and a literal's
  /// atom is its place.
  public init(literals: [ExactText], globs: [Glob], combinations: [(globs: [Int], atom: Int)]) {
    self.globs = globs
    places = Dictionary(
      uniqueKeysWithValues: literals.enumerated().map { ($1, Int32($0)) })
    let wordCount = (globs.count + 63) / 64
    atomOfCombination = Dictionary(
      uniqueKeysWithValues: combinations.map { combination in
        var words = [UInt64](repeating: 0, count: wordCount)
        for glob in combination.globs { words[glob / 64] |= 1 << UInt64(glob % 64) }
        return (words, Int32(combination.atom))
      })
  }

  /// The place of a text that the card names; nil for others.
  ///
  /// O(length).
  public func place(of text: String) -> Int? { places[ExactText(text)].map { Int($0) } }

  /// The atom of any text; nil for one that an axis with a closed set does not have.
  public func atom(of text: String) -> Int32? {
    if let place = places[ExactText(text)] { return place }
    var words = [UInt64](repeating: 0, count: (globs.count + 63) / 64)
    for (index, glob) in globs.enumerated() where glob.matches(text) {
      words[index / 64] |= 1 << UInt64(index % 64)
    }
    return atomOfCombination[words]
  }
}

/// Tells which atom of an axis a number is: how many of the axis's cuts lie below it.
public struct NumberClassifier: Sendable {
  private let values: [Number]
  private let isAfter: [Bool]

  /// Makes a classifier of ascending cuts, each just before or just after a value.
  public init(_ cuts: [(value: Number, isAfter: Bool)]) {
    values = cuts.map(\.value)
    isAfter = cuts.map(\.isAfter)
  }

  /// The atom of a number.
  ///
  /// O(log cuts).
  func atom(of number: Number) -> Int32 {
    var low = 0
    var high = values.count
    while low < high {
      let middle = (low + high) / 2
      let isBelow = isAfter[middle] ? values[middle] < number : values[middle] <= number
      if isBelow { low = middle + 1 } else { high = middle }
    }
    return Int32(low)
  }

  /// The atom of a ratio; throws where a cut has too many digits to be compared with it.
  func atom(of ratio: Rational) throws(Overflow) -> Int32 {
    var low = 0
    var high = values.count
    while low < high {
      let middle = (low + high) / 2
      let cut = try Rational(values[middle])
      let isBelow = isAfter[middle] ? cut < ratio : cut <= ratio
      if isBelow { low = middle + 1 } else { high = middle }
    }
    return Int32(low)
  }
}

/// Tells which atom of the time axis an instant is: its stretch, and the windows that hold.
public struct TimeClassifier: Sendable {
  private struct Key: Hashable {
    let stretch: Int
    let windows: UInt64
  }

  private let cuts: [Instant]
  private let windows: [Window]
  private let atoms: [Key: Int32]
  /// An instant of each atom: the first of its stretch at which those windows hold.
  public let examples: [Instant]

  /// Makes a classifier; an atom is the stretch that ends at a cut together with the windows (bit
  /// `i` for window `i`) that hold.
  public init(
    cuts: [Instant], windows: [Window], atoms: [(stretch: Int, windows: UInt64)],
    examples: [Instant]
  ) {
    self.examples = examples
    self.cuts = cuts
    self.windows = windows
    self.atoms = Dictionary(
      uniqueKeysWithValues: atoms.enumerated().map {
        (Key(stretch: $1.stretch, windows: $1.windows), Int32($0))
      })
  }

  /// The atom of an instant.
  func atom(of instant: Instant) -> Int32 {
    var low = 0
    var high = cuts.count
    while low < high {
      let middle = (low + high) / 2
      if cuts[middle] <= instant { low = middle + 1 } else { high = middle }
    }
    var holding: UInt64 = 0
    for (index, window) in windows.enumerated() where window.contains(instant) {
      holding |= 1 << UInt64(index)
    }
    guard let atom = atoms[Key(stretch: low, windows: holding)] else {
      preconditionFailure("the compiler found every set of windows that holds in a stretch")
    }
    return atom
  }
}
