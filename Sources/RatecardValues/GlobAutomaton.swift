/// The automata of some globs, run side by side over one text, 64 positions a word.
///
/// A position stands before an element of a pattern, a character or a star, or at its end. Reading a
/// character moves the positions before that character on by one and leaves those before a star;
/// a position before a star also stands behind it (the shift-and method of R. Baeza-Yates and
/// G. Gonnet, 1992).
package struct GlobAutomaton {
  /// A set of positions within all patterns.
  package typealias State = [UInt64]

  /// The position at which each pattern begins.
  package let start: State
  /// The characters that the patterns name, and before them one that none does and that stands for
  /// all others.
  package let alphabet: [Unicode.Scalar]
  /// The positions of each pattern, the last of them at its end.
  private let positions: [ClosedRange<Int>]
  private let stars: State
  private let positionsBefore: [State]

  /// Makes the automata of some globs.
  package init(_ globs: [Glob]) {
    var elements: [Unicode.Scalar?] = []
    var stars: [Int] = []
    var positions: [ClosedRange<Int>] = []
    for glob in globs {
      let first = elements.count
      for (index, segment) in glob.segments.enumerated() {
        if index > 0 {
          stars.append(elements.count)
          elements.append(nil)
        }
        elements += String(decoding: segment, as: UTF8.self).unicodeScalars.map { $0 }
      }
      positions.append(first...elements.count)
      elements.append(nil)
    }
    let wordCount = (elements.count + 63) / 64
    func state(_ positions: some Sequence<Int>) -> State {
      var words = State(repeating: 0, count: wordCount)
      for position in positions { words[position / 64] |= 1 << UInt64(position % 64) }
      return words
    }
    let mentioned = Set(elements.compactMap { $0 })
    alphabet = [Self.unheardOf(mentioned)] + mentioned.sorted()
    positionsBefore = alphabet.map { scalar in
      state(elements.indices.filter { elements[$0] == scalar })
    }
    self.stars = state(stars)
    self.positions = positions
    start = Self.closed(state(positions.map(\.lowerBound)), self.stars)
  }

  /// The state after reading the character `alphabet[letter]`.
  package func step(_ state: State, letter: Int) -> State {
    var result = state
    var carry: UInt64 = 0
    for word in state.indices {
      let moving = state[word] & positionsBefore[letter][word]
      result[word] = (state[word] & stars[word]) | moving << 1 | carry
      carry = moving >> 63
    }
    return Self.closed(result, stars)
  }

  /// The globs that match the text read, ascending.
  package func matches(_ state: State) -> [Int] {
    positions.indices.filter { Self.holds(positions[$0].upperBound, state) }
  }

  /// Whether the text read can go on so that a glob matches it.
  package func isAlive(_ glob: Int, in state: State) -> Bool {
    positions[glob].contains { Self.holds($0, state) }
  }

  private static func holds(_ position: Int, _ state: State) -> Bool {
    state[position / 64] >> UInt64(position % 64) & 1 == 1
  }

  /// Adds the positions behind stars, until nothing is left to add.
  private static func closed(_ state: State, _ stars: State) -> State {
    var result = state
    var isGrowing = true
    while isGrowing {
      isGrowing = false
      var carry: UInt64 = 0
      for word in result.indices {
        let before = result[word] & stars[word]
        let grown = result[word] | before << 1 | carry
        carry = before >> 63
        if grown != result[word] {
          result[word] = grown
          isGrowing = true
        }
      }
    }
    return result
  }

  private static func unheardOf(_ mentioned: Set<Unicode.Scalar>) -> Unicode.Scalar {
    let plain = "xyz0123456789abcdefghijklmnopqrstuvw-_~".unicodeScalars.first {
      !mentioned.contains($0)
    }
    let any = (UInt32(0xA1)...).lazy.compactMap(Unicode.Scalar.init).first {
      !mentioned.contains($0)
    }
    guard let scalar = plain ?? any else {
      preconditionFailure("a card cannot name every character there is")
    }
    return scalar
  }
}
