import RatecardModel
package import RatecardValues

/// A text with stars, read again from how it was written: `*` is any run of characters, `\*` a
/// star, and any other backslash itself.
package struct Stars: Hashable, Sendable {
  package enum Piece: Hashable, Sendable {
    case character(Unicode.Scalar)
    case anyRun
  }

  package let pieces: [Piece]

  package init(_ glob: Glob) {
    var pieces: [Piece] = []
    var rest = Array(glob.description.unicodeScalars)[...]
    while let first = rest.popFirst() {
      if first == "\\", rest.first == "*" {
        rest.removeFirst()
        pieces.append(.character("*"))
      } else {
        pieces.append(first == "*" ? .anyRun : .character(first))
      }
    }
    self.pieces = pieces
  }

  package init(literal: TwinText) {
    pieces = literal.description.unicodeScalars.map { .character($0) }
  }

  package var literalCharacters: Int { pieces.count { $0 != .anyRun } }

  /// The places in `pieces` that a text may have reached, before its first character.
  package var start: Set<Int> { closed([0]) }

  /// The places reached from others by one more character.
  package func step(_ places: Set<Int>, _ character: Unicode.Scalar) -> Set<Int> {
    var next: Set<Int> = []
    for place in places where place < pieces.count {
      switch pieces[place] {
      case .anyRun: next.insert(place)
      case .character(let wanted): if wanted == character { next.insert(place + 1) }
      }
    }
    return closed(next)
  }

  package func accepts(_ places: Set<Int>) -> Bool { places.contains(pieces.count) }

  package func matches(_ text: TwinText) -> Bool {
    accepts(text.description.unicodeScalars.reduce(start) { step($0, $1) })
  }

  /// A run may be empty, so a place before a star is also the place behind it.
  private func closed(_ places: Set<Int>) -> Set<Int> {
    var places = places
    for (index, piece) in pieces.enumerated() where piece == .anyRun {
      if places.contains(index) { places.insert(index + 1) }
    }
    return places
  }
}

/// One text for every way in which some patterns can match a text together, found by walking all
/// of them side by side over every character that they name and one that none does.
package func sampleTexts(_ patterns: [Stars]) -> [TwinText] {
  var alphabet: Set<Unicode.Scalar> = []
  for case .character(let character) in patterns.flatMap(\.pieces) { alphabet.insert(character) }
  let fresh = ["~", "^", "@"].first { !alphabet.contains($0) } ?? Unicode.Scalar("¿")
  alphabet.insert(fresh)
  let characters = alphabet.sorted()
  var seen: Set<[Set<Int>]> = [patterns.map(\.start)]
  var queue: [(state: [Set<Int>], text: String)] = [(patterns.map(\.start), "")]
  var found: [[Bool]: TwinText] = [:]
  var next = 0
  while next < queue.count {
    let (state, text) = queue[next]
    next += 1
    let ways = zip(patterns, state).map { $0.accepts($1) }
    if found[ways] == nil { found[ways] = TwinText(text) }
    for character in characters {
      let after = zip(patterns, state).map { $0.step($1, character) }
      guard seen.insert(after).inserted else { continue }
      var longer = text
      longer.unicodeScalars.append(character)
      queue.append((after, longer))
    }
  }
  return found.values.sorted()
}
