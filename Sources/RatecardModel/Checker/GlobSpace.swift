internal import RatecardValues

/// Whether there is a text that some globs match and others do not, decided exactly.
///
/// All globs are run side by side over one text, as the automata they are; the search is breadth
/// first, so the text that it finds is a shortest one. Only scalars that the globs name can tell
/// them apart; one more stands for all others.
struct GlobSpace {
  /// What a search ended with.
  enum Answer: Equatable {
    /// A shortest such text.
    case found(String)
    /// There is none.
    case none
    /// The search was given up at its limit.
    case unknown
  }

  /// The most combined states that a search visits.
  private static let stateLimit = 50_000

  /// Looks for a text that every glob of `matched` matches and none of `unmatched` does.
  ///
  /// O(states × alphabet), where the states multiply only over globs that stay alive together.
  static func text(matchedBy matched: [Glob], notBy unmatched: [Glob]) -> Answer {
    let required = matched.map(Machine.init)
    let refused = unmatched.map(Machine.init)
    var alphabet = Set((required + refused).flatMap(\.scalars))
    let spare = "xyzabcdefghijklmnopqrstuvw0123456789".unicodeScalars.first {
      !alphabet.contains($0)
    }
    alphabet.insert(spare ?? Self.fresh(besides: alphabet))
    // The spare scalar first: witnesses read better.
    let letters = alphabet.sorted { ($0 == spare ? 0 : 1, $0) < ($1 == spare ? 0 : 1, $1) }

    let machines = required + refused
    let start = machines.map(\.start)
    var places: [[Set<Int>]: Int] = [start: 0]
    var states = [start]
    var origins: [(from: Int, by: Unicode.Scalar)?] = [nil]
    var next = 0
    while next < states.count {
      let state = states[next]
      let isAccepted = machines.indices.allSatisfy {
        machines[$0].accepts(state[$0]) == ($0 < required.count)
      }
      if isAccepted { return .found(spell(next, origins)) }
      for letter in letters {
        let after = machines.indices.map { machines[$0].step(state[$0], over: letter) }
        guard !after.prefix(required.count).contains(where: \.isEmpty), places[after] == nil else {
          continue
        }
        guard states.count < stateLimit else { return .unknown }
        places[after] = states.count
        states.append(after)
        origins.append((next, letter))
      }
      next += 1
    }
    return .none
  }

  /// Whether two globs could match one text, judged by how they begin and end; false is certain.
  static func mayMeet(_ left: Glob, _ right: Glob) -> Bool {
    guard let leftHead = left.segments.first, let rightHead = right.segments.first,
      let leftTail = left.segments.last, let rightTail = right.segments.last
    else { return true }
    let heads = zip(leftHead, rightHead).allSatisfy { $0 == $1 }
    let tails = zip(leftTail.reversed(), rightTail.reversed()).allSatisfy { $0 == $1 }
    return heads && tails
  }

  private static func spell(
    _ state: Int, _ origins: [(from: Int, by: Unicode.Scalar)?]
  ) -> String {
    var scalars: [Unicode.Scalar] = []
    var place = state
    while let origin = origins[place] {
      scalars.append(origin.by)
      place = origin.from
    }
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars.reversed())
    return String(text)
  }

  private static func fresh(besides alphabet: Set<Unicode.Scalar>) -> Unicode.Scalar {
    (0x4E00...0x9FFF).lazy.compactMap(Unicode.Scalar.init).first { !alphabet.contains($0) } ?? "?"
  }
}

/// A glob as an automaton over scalars: a state is the set of places in the glob where a text read
/// so far may have arrived.
private struct Machine {
  private enum Token: Equatable {
    case run
    case scalar(Unicode.Scalar)
  }
  private let tokens: [Token]

  init(_ glob: Glob) {
    var tokens: [Token] = []
    for (index, segment) in glob.segments.enumerated() {
      if index > 0, tokens.last != .run { tokens.append(.run) }
      tokens += String(decoding: segment, as: UTF8.self).unicodeScalars.map(Token.scalar)
    }
    self.tokens = tokens
  }

  /// The scalars that it names.
  var scalars: [Unicode.Scalar] {
    tokens.compactMap { if case .scalar(let scalar) = $0 { scalar } else { nil } }
  }

  /// Where the empty text arrives.
  var start: Set<Int> { closed([0]) }

  func accepts(_ state: Set<Int>) -> Bool { state.contains(tokens.count) }

  func step(_ state: Set<Int>, over scalar: Unicode.Scalar) -> Set<Int> {
    var after: Set<Int> = []
    for place in state where place < tokens.count {
      switch tokens[place] {
      case .run: after.insert(place)
      case .scalar(let expected): if expected == scalar { after.insert(place + 1) }
      }
    }
    return closed(after)
  }

  /// A run may be empty, so its place is also the place after it.
  private func closed(_ state: Set<Int>) -> Set<Int> {
    var result = state
    for place in state where place < tokens.count && tokens[place] == .run {
      result.insert(place + 1)
    }
    return result
  }
}
