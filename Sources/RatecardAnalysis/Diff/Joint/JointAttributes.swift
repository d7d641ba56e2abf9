import RatecardCompiler
import RatecardModel
import RatecardValues

/// The attributes of two cards in one list: what both call by one name, and take values of one kind
/// for, is one attribute.
struct JointAttributes {
  /// Built-in ones at their places, then by name.
  private(set) var all: [Attribute] = []
  /// For each attribute of the list, the card's own; nil: the card does not have it.
  private(set) var own: [Both<Attribute?>] = []
  /// For each attribute of a card, its place in the list.
  private(set) var ids: Both<[AttributeID]>

  init(_ cards: Both<Card>) {
    ids = cards.map { card in card.attributes.map(\.id) }
    own = (0..<AttributeID.builtInCount).map { place in
      cards.map { card in card.hasSection(of: AttributeID(place)) ? card.attributes[place] : nil }
    }
    own += Self.others(cards)
    for (place, both) in own.enumerated() {
      if let old = both.old { ids.old[old.id.index] = AttributeID(place) }
      if let new = both.new { ids.new[new.id.index] = AttributeID(place) }
    }
    all = own.enumerated().map { place, both in
      // What neither has is built in.
      let shown = both.new ?? both.old ?? cards.new.attributes[place]
      // Where the cards differ in it, the requests that both admit obey both.
      let whole =
        both.new?.partOf.map { ids.new[$0.index] } ?? both.old?.partOf.map { ids.old[$0.index] }
      return Attribute(
        id: AttributeID(place), name: shown.name,
        kind: both.old.flatMap { shown.kind.narrower($0.kind) } ?? shown.kind,
        defaultValue: Self.sharedDefault(both), partOf: whole, origin: shown.origin,
        span: shown.span)
    }
  }

  /// The attributes that are not built in, by name; payload fields of events last.
  private static func others(_ cards: Both<Card>) -> [Both<Attribute?>] {
    let declared = cards.map { $0.attributes.dropFirst(AttributeID.builtInCount) }
    var unmatched: [String: Attribute] = [:]
    for attribute in declared.new { unmatched[attribute.name] = attribute }
    var others: [Both<Attribute?>] = []
    for attribute in declared.old {
      if let other = unmatched[attribute.name],
        attribute.kind.narrower(other.kind) != nil
      {
        others.append(Both(attribute, other))
        unmatched[attribute.name] = nil
      } else {
        others.append(Both(attribute, nil))
      }
    }
    others += unmatched.values.map { Both(nil, $0) }
    func isField(_ both: Both<Attribute?>) -> Bool { (both.new ?? both.old)?.origin == .event }
    func name(_ both: Both<Attribute?>) -> String { (both.new ?? both.old)?.name ?? "" }
    return others.sorted { first, second in
      if isField(first) != isField(second) { return isField(second) }
      if name(first) != name(second) { return ExactText(name(first)) < ExactText(name(second)) }
      return first.old != nil && second.old == nil
    }
  }

  /// The default, where a request that leaves the attribute out means the same to both cards.
  private static func sharedDefault(_ both: Both<Attribute?>) -> Value? {
    guard let old = both.old, let new = both.new else {
      return (both.new ?? both.old)?.defaultValue
    }
    return old.defaultValue == new.defaultValue ? old.defaultValue : nil
  }
}

extension Card {
  /// Whether requests to the card can have the attribute: a card without tiers has no `tier`.
  fileprivate func hasSection(of attribute: AttributeID) -> Bool {
    ![.tier, .currentTier].contains(attribute) || !tierNames.isEmpty
  }
}

extension Attribute.Kind {
  /// The kind whose values are those of both kinds; nil: they have none in common.
  ///
  /// Of texts it is `text`, closed sets or not: a value that a set does not have is not admitted.
  func narrower(_ other: Self) -> Self? {
    switch (self, other) {
    case (.text, .text), (.text, .choice), (.choice, .text), (.choice, .choice): .text
    case (.count, .count), (.count, .quantity), (.count, .number), (.quantity, .count),
      (.number, .count):
      .count
    case (.quantity, .quantity), (.quantity, .number), (.number, .quantity): .quantity
    case (.number, .number), (.flag, .flag), (.instant, .instant), (.windows, .windows): self
    default: nil
    }
  }
}
