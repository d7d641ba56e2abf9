import RatecardModel

/// A change of some quantities of a request by the same amount, all else staying as it is.
struct Move: Sendable {
  /// What grows.
  let attributes: Set<AttributeID>
  /// Whether it grows by one; else by any amount.
  let isByOne: Bool

  /// The growth of one attribute alone.
  init(_ attribute: Attribute) {
    attributes = [attribute.id]
    isByOne = attribute.kind == .count
  }

  /// The growth of an attribute with all wholes that it is a part of: a unit on top of what there
  /// is.
  init(onTop attribute: Attribute, of card: Card) {
    var attributes: Set<AttributeID> = []
    var isByOne = false
    var next: Attribute? = attribute
    while let member = next {
      attributes.insert(member.id)
      if member.kind == .count { isByOne = true }
      next = member.partOf.map { card[$0] }
    }
    self.attributes = attributes
    self.isByOne = isByOne
  }
}
