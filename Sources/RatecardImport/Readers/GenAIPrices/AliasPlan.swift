internal import RatecardValues

/// The aliases of a provider's models, such that a card finds the model that the list finds.
///
/// The list gives a text to the first model that it fits, without regard to capitals. A card gives it
/// to the model of that name or to the literal alias, else to the pattern with the most literal
/// characters. Where the two differ, the alias is left out: a text without a price is better than one
/// with another model's. For patterns that overlap, that is seen to for every text that the list
/// mentions anywhere.
struct AliasPlan {
  /// What became of one model's texts.
  struct Outcome {
    /// Its aliases, as a card writes them, sorted.
    var aliases: [String] = []
    /// The texts that are none, by reason.
    var leftOut: [(reason: LeftOutName, texts: [String])] = []
  }

  /// A text or pattern of a model.
  private struct Candidate {
    let model: Int
    /// As the list has it, without capitals.
    let inList: Glob
    /// As the card has it, without the provider.
    let inCard: Glob
    var isAlias = true

    /// A text that only patterns fit which fit all that this one does: its stars are a letter that
    /// stands nowhere.
    var example: String {
      inCard.segments.map { String(decoding: $0, as: UTF8.self).lowercased() }
        .joined(separator: "\u{1}")
    }
  }

  private let names: [String?]
  private var candidates: [Candidate] = []
  /// By text, the first candidate that is just that.
  private var literals: [String: Int] = [:]
  /// The candidates with stars.
  private var globs: [Int] = []

  /// Plans the aliases of models; one without a name is not in the card, but takes its texts.
  ///
  /// `mentioned` are the texts for which list and card must agree.
  static func outcomes(
    _ models: [(name: String?, match: ModelMatch)], prefix: String, mentioned: [String]
  ) -> [Outcome] {
    var plan = AliasPlan(models)
    plan.leaveOutLost()
    plan.agree(on: mentioned)
    return plan.outcomes(models.map(\.match), prefix)
  }

  private init(_ models: [(name: String?, match: ModelMatch)]) {
    names = models.map(\.name)
    for (index, model) in models.enumerated() {
      for pattern in model.match.patterns {
        let lower = Glob(parsing: pattern.description.lowercased())
        if let text = lower.literal {
          if literals[text] == nil { literals[text] = candidates.count }
        } else {
          globs.append(candidates.count)
        }
        candidates.append(
          Candidate(model: index, inList: lower, inCard: ModelMatch.narrowed(pattern)))
      }
    }
  }

  /// The model that the list finds for a text without capitals.
  private func listed(_ text: String) -> Int? {
    let literal = literals[text].map { candidates[$0].model }
    let glob = globs.first { candidates[$0].inList.matches(text) }.map { candidates[$0].model }
    return [literal, glob].compactMap(\.self).min()
  }

  /// Leaves out what belongs to a model before, to a model's name, or to two of a card's patterns.
  private mutating func leaveOutLost() {
    let known = Set(names.compactMap(\.self))
    var taken: Set<Glob> = []
    for index in candidates.indices {
      let candidate = candidates[index]
      let isOwnName = candidate.inCard.literal.map { $0 == names[candidate.model] } ?? false
      if let text = candidate.inCard.literal {
        candidates[index].isAlias =
          !isOwnName && !known.contains(text) && listed(text.lowercased()) == candidate.model
      } else {
        candidates[index].isAlias = !globs.contains { place in
          let other = candidates[place]
          return other.model < candidate.model
            && (other.inList.matches(candidate.example)
              || other.isAlias && tie(other.inCard, candidate.inCard))
        }
      }
      if !taken.insert(candidate.inCard).inserted { candidates[index].isAlias = false }
    }
  }

  /// Whether two patterns with as many literal characters may fit one text, which a card refuses.
  private func tie(_ left: Glob, _ right: Glob) -> Bool {
    guard left.literalCharacters == right.literalCharacters else { return false }
    let heads = zip(left.segments.first ?? [], right.segments.first ?? [])
    let tails = zip(
      (left.segments.last ?? []).reversed(), (right.segments.last ?? []).reversed())
    return heads.allSatisfy(==) && tails.allSatisfy(==)
  }

  /// Leaves out patterns by which the card finds another model than the list.
  private mutating func agree(on texts: [String]) {
    guard !globs.isEmpty else { return }
    let known = Set(names.compactMap(\.self))
    for text in texts where !known.contains(text) {
      let lower = text.lowercased()
      if let literal = literals[lower], candidates[literal].isAlias { continue }
      var fitting = globs.filter { candidates[$0].isAlias && candidates[$0].inCard.matches(text) }
      guard !fitting.isEmpty else { continue }
      let expected = listed(lower)
      fitting.sort {
        candidates[$0].inCard.literalCharacters > candidates[$1].inCard.literalCharacters
      }
      for place in fitting {
        if candidates[place].model == expected { break }
        candidates[place].isAlias = false
      }
    }
  }

  private func outcomes(_ matches: [ModelMatch], _ prefix: String) -> [Outcome] {
    let before = Glob(literal: prefix).description
    var outcomes = matches.map { match in
      Outcome(leftOut: match.unsaid.isEmpty ? [] : [(.noPattern, match.unsaid)])
    }
    var lost = matches.map { _ in [String]() }
    var narrowed = matches.map { _ in [String]() }
    for candidate in candidates {
      let text = candidate.inCard.description
      if candidate.isAlias {
        outcomes[candidate.model].aliases.append(before + text)
        if candidate.inList.segments.count > 2 { narrowed[candidate.model].append("*" + text) }
      } else if candidate.inCard.literal != names[candidate.model] {
        lost[candidate.model].append(candidate.inList.description)
      }
    }
    for index in outcomes.indices {
      outcomes[index].aliases.sort(by: precedes)
      if !narrowed[index].isEmpty { outcomes[index].leftOut.append((.narrowed, narrowed[index])) }
      if !lost[index].isEmpty { outcomes[index].leftOut.append((.takenByAnother, lost[index])) }
    }
    return outcomes
  }
}
