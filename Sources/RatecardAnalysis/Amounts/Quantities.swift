import RatecardCompiler
import RatecardModel
import RatecardValues

/// The counts and quantities that prices depend on, each as a sum of variables that are 0 or more.
///
/// A variable is what an attribute has beside its parts: what of the input is not cached, say. So
/// parts lie within their whole whatever values the variables have.
struct Quantities {
  struct Node {
    let attribute: AttributeID
    /// Whether its value is an integer.
    let isIntegral: Bool
    /// Whether its variable is one.
    let hasIntegralVariable: Bool
    /// The places of its direct parts.
    let parts: [Int]
    /// Its value, as a sum of variables; the variable of node `i` has number `i`.
    let form: LinearForm
  }

  /// Parts before their wholes.
  let nodes: [Node]
  private let places: [AttributeID: Int]

  /// Some attributes with all wholes and parts that they depend on.
  init(_ attributes: some Sequence<AttributeID>, of card: Card) throws(Overflow) {
    var nodes: [Node] = []
    var places: [AttributeID: Int] = [:]
    func add(_ attribute: Attribute) throws(Overflow) -> Int {
      var parts: [Int] = []
      for part in card.attributes where part.partOf == attribute.id { parts.append(try add(part)) }
      let isIntegral = attribute.kind == .count
      var form = LinearForm(symbol: nodes.count)
      for part in parts { form = try form + nodes[part].form }
      places[attribute.id] = nodes.count
      nodes.append(
        Node(
          attribute: attribute.id, isIntegral: isIntegral,
          hasIntegralVariable: isIntegral && parts.allSatisfy { nodes[$0].isIntegral },
          parts: parts, form: form))
      return nodes.count - 1
    }
    for attribute in attributes.sorted() {
      var root = card[attribute]
      while let whole = root.partOf { root = card[whole] }
      if places[root.id] == nil { _ = try add(root) }
    }
    self.nodes = nodes
    self.places = places
  }

  subscript(attribute: AttributeID) -> Node? { places[attribute].map { nodes[$0] } }
}

/// The values that an attribute has in a box of requests.
struct QuantityRange {
  /// The stretches of its values, an absent one being 0; ascending and disjoint.
  let stretches: [Interval]
  /// The stretches of the values that are carried.
  let carried: [Interval]
  /// Whether a request may leave it out, and counts as having 0 then.
  let mayBeAbsent: Bool

  init(of attribute: Attribute, in box: Box, of space: Space) throws(Overflow) {
    guard let axis = space.axis(of: attribute.id, in: .afterRouting),
      case .numbers(let domain) = space.axes[axis].domain
    else {
      stretches = [.everything]
      carried = [.everything]
      mayBeAbsent = attribute.defaultValue == nil
      return
    }
    let atoms = box[axis] ?? space.axes[axis].all
    var carried: [Interval] = []
    for range in atoms.intersection(space.axes[axis].present).ranges {
      let stretch = try Interval(range, of: domain)
      if !stretch.isEmpty { carried.append(stretch) }
    }
    self.carried = carried
    mayBeAbsent = atoms.intersects(space.axes[axis].absent)
    guard mayBeAbsent else {
      stretches = carried
      return
    }
    // Nothing lies between 0 and the first value after it.
    let next = domain.isInteger ? Nudged(.one) : Nudged.zero.justAbove
    if let first = carried.first, first.lower <= next {
      stretches = [Interval(lower: .zero, upper: first.upper)] + carried.dropFirst()
    } else {
      stretches = [.zero] + carried
    }
  }
}
