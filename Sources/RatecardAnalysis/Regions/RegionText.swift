import RatecardCompiler
import RatecardModel
import RatecardValues

/// Says in words which requests lie in a box, as conditions that a card could have.
struct RegionText {
  private let card: Card
  private let space: Space

  init(_ card: Card, _ space: Space) {
    self.card = card
    self.space = space
  }

  /// `model: gpt-4o or o1, input_tokens: above 200000`; `every request` where nothing is left to
  /// say.
  ///
  /// What `whole` says of all boxes is not said again.
  func words(_ box: Box, within whole: Box = .everything) -> String {
    let parts = conditions(box, within: whole)
    return parts.isEmpty ? "every request" : parts.joined(separator: ", ")
  }

  /// The same, condition by condition; none: every request.
  func conditions(_ box: Box, within whole: Box = .everything) -> [String] {
    box.sides.compactMap { side in
      let axis = space.axes[side.axis]
      return side.atoms == whole[side.axis] ?? axis.all ? nil : words(side.atoms, on: axis)
    }
  }

  private func words(_ atoms: AtomSet, on axis: Axis) -> String {
    if case .times(let times) = axis.domain { return TimeText(card, times).words(atoms) }
    let name = axis.attribute == .event ? "on" : card[axis.attribute].name
    let carried = atoms.intersection(axis.present)
    let isAbsentToo = axis.hasAbsent && atoms.intersects(axis.absent)
    if carried.isEmpty { return "\(name): absent" }
    if carried == axis.present { return isAbsentToo ? "\(name): any" : "\(name): present" }
    let missing = axis.present.subtracting(carried)
    switch axis.domain {
    case .texts(let texts):
      return "\(name): \(self.texts(carried, missing, texts, isAbsentToo, axis))"
    case .flags:
      return "\(name): \(carried.contains(1) ? "true" : "false")\(isAbsentToo ? " or absent" : "")"
    case .numbers(let numbers):
      let ranges = carried.ranges.map { range($0, numbers) }
      return "\(name): \((ranges + (isAbsentToo ? ["absent"] : [])).joined(separator: " or "))"
    case .times: return ""
    }
  }

  // MARK: Texts

  /// The most texts that are listed one by one.
  private static let mostTexts = 12

  private func texts(
    _ carried: AtomSet, _ missing: AtomSet, _ domain: TextDomain, _ isAbsentToo: Bool, _ axis: Axis
  ) -> String {
    let positive = list(carried, domain)
    let negative = list(missing, domain)
    // A complement admits what is not carried; so does `not` in a condition.
    if isOpen(carried, domain) || positive.count > negative.count && negative.count > 0 {
      if isAbsentToo { return "not \(joined(negative))" }
      return "not \(joined(negative)), and present"
    }
    return joined(positive + (isAbsentToo ? ["absent"] : []))
  }

  /// Whether texts that no condition names are among the atoms.
  private func isOpen(_ atoms: AtomSet, _ domain: TextDomain) -> Bool {
    guard let plain = domain.others.firstIndex(where: { $0.globs.isEmpty }) else { return false }
    return atoms.contains(domain.literals.count + plain)
  }

  private func list(_ atoms: AtomSet, _ domain: TextDomain) -> [String] {
    var words: [String] = []
    var rest = atoms
    // Globs all of whose texts are there stand for them.
    for glob in domain.globs {
      let matching = domain.atoms(matching: glob)
      guard !matching.isEmpty, matching.isSubset(of: atoms), matching.intersects(rest) else {
        continue
      }
      let others = matching.atoms.contains { $0 >= domain.literals.count && rest.contains($0) }
      guard others else { continue }
      words.append(glob.description)
      rest = rest.subtracting(matching)
    }
    for atom in rest.atoms {
      if atom < domain.literals.count {
        words.append(quoted(domain.literals[atom].string))
      } else {
        let other = domain.others[atom - domain.literals.count]
        words.append(
          other.globs.isEmpty
            ? "any other"
            : "some of \(other.globs.map { domain.globs[$0].description }.joined(separator: " and ")) such as \(quoted(other.example))"
        )
      }
    }
    return words
  }

  private func joined(_ words: [String]) -> String {
    guard words.count > Self.mostTexts else { return words.joined(separator: " or ") }
    let shown = words.prefix(Self.mostTexts - 1).joined(separator: " or ")
    return "\(shown) or \(words.count - Self.mostTexts + 1) more"
  }

  private func quoted(_ text: String) -> String {
    text.isEmpty || text.contains(",") || text.contains(" ") ? "\"\(text)\"" : text
  }

  // MARK: Numbers

  private func range(_ atoms: Range<Int32>, _ domain: NumberDomain) -> String {
    let lower = atoms.lowerBound == 0 ? nil : domain.lowerCut(of: Int(atoms.lowerBound))
    let upper =
      Int(atoms.upperBound) == domain.count ? nil : domain.upperCut(of: Int(atoms.upperBound) - 1)
    if let lower, let upper, let only = single(lower, upper, domain) { return value(only, domain) }
    let low = lower.map { cut in
      if domain.isInteger, domain.highest == nil { return integers("at least", "above", cut) }
      return "\(cut.isAfter ? "above" : "at least") \(value(cut.value, domain))"
    }
    let high = upper.map { cut in
      if domain.isInteger, domain.highest == nil { return integers("below", "at most", cut) }
      return "\(cut.isAfter ? "at most" : "below") \(value(cut.value, domain))"
    }
    return [low, high].compactMap(\.self).joined(separator: ", ")
  }

  /// Of the two ways to name a cut among integers the one with the rounder number.
  private func integers(_ own: String, _ beside: String, _ cut: Cut) -> String {
    guard let other = cut.value.adding(Number(-1)), other.exponent > cut.value.exponent else {
      return "\(own) \(cut.value)"
    }
    return "\(beside) \(other)"
  }

  /// The only number between two cuts, where there is just one.
  private func single(_ lower: Cut, _ upper: Cut, _ domain: NumberDomain) -> Number? {
    if domain.isInteger {
      guard !lower.isAfter, lower.value.adding(.one) == upper.value, !upper.isAfter else {
        return nil
      }
      return lower.value
    }
    return lower.value == upper.value && !lower.isAfter && upper.isAfter ? lower.value : nil
  }

  private func value(_ number: Number, _ domain: NumberDomain) -> String {
    guard domain.highest != nil, let nanoseconds = number.asInteger(),
      let instant = Instant(nanoseconds: nanoseconds)
    else { return number.description }
    return instant.description
  }
}
