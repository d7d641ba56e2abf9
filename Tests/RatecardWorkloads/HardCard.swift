import RatecardTestSupport

/// Cards that are hard to reason about, each for another way of reasoning.
///
/// Their texts grow with a power of the size; what a way of reasoning that they defeat has to look
/// at grows exponentially.
public enum HardCard: String, CaseIterable, Sendable {
  /// Defeats comparing rules two by two: a price that only all others together cover.
  ///
  /// One guest more than there are rooms: whoever is put where, two share a room, and there is a
  /// rule for each two guests and each room. Proving that the price for guests who all have a room
  /// of their own never holds is the pigeonhole principle, which takes exponentially many cases
  /// (A. Haken, "The intractability of resolution", 1985).
  case pairs
  /// The same as a contradiction: of two prices that overlap neither beats the other, and only all
  /// refusals together keep them apart.
  case rivals
  /// The same as a guard: every request has a price, which again only all rules together show.
  case promises
  /// Defeats going through the cells of a grid: many attributes with many values, each of which is
  /// refused or changes the price, whatever the others are.
  case cells
  /// Defeats decision diagrams, in whatever order they ask for attributes: rules about the equality
  /// of neighbours in a graph that has no narrow place.
  ///
  /// A request that no rule refuses is a colouring of the graph. Across any order of the vertices
  /// many edges reach, and a diagram has to remember the colour of each.
  case diagrams

  /// The card of a size, as one file: so many rooms, attributes or vertices.
  public func text(size: Int) -> String {
    switch self {
    case .pairs:
      Self.header(Self.guests(size)) + """
        costs:
          - {name: a room each, credits: 1}

        """ + Self.sharedRooms(size, when: "", "credits: 2")
    case .rivals:
      Self.header(
        Self.guests(size)
          + ["day: {type: [mon, tue, wed, thu, fri, sat, sun], default: mon}"]) + """
          costs:
            - {name: working days, when: {day: [mon, tue, wed, thu, fri]}, credits: 1}
            - {name: weekend, when: {day: [fri, sat, sun]}, credits: 3}

          """ + Self.sharedRooms(size, when: "day: fri, ", "deny: Rooms are not shared on fridays.")
    case .promises:
      Self.header(Self.guests(size)) + "costs:\n" + Self.sharedRooms(size, when: "", "credits: 2")
        + "guards:\n  - {name: all is priced, priced: true}\n"
    case .cells: Self.grid(size)
    case .diagrams: Self.graph(size)
    }
  }

  private static func header(_ attributes: [String]) -> String {
    "ratecard: 1\nname: hard\ncredit: {unit: credit, decimals: 4}\nattributes:\n"
      + attributes.map { "  \($0)\n" }.joined()
  }

  // MARK: Guests and rooms

  private static func guests(_ rooms: Int) -> [String] {
    let names = (1...rooms).map { "r\($0)" }.joined(separator: ", ")
    return (1...rooms + 1).map { "guest_\($0): {type: [\(names)], default: r1}" }
  }

  /// A rule for each two guests in each room.
  private static func sharedRooms(_ rooms: Int, when: String, _ outcome: String) -> String {
    var text = ""
    for room in 1...rooms {
      for first in 1...rooms {
        for second in first + 1...rooms + 1 {
          text += "  - {name: \(first) and \(second) in r\(room), when: {\(when)"
          text += "guest_\(first): r\(room), guest_\(second): r\(room)}, \(outcome)}\n"
        }
      }
    }
    return text
  }

  // MARK: A grid

  private static let values = 12

  private static func grid(_ attributes: Int) -> String {
    var random = SplitMix(seed: 1)
    let names = (1...values).map { "v\($0)" }.joined(separator: ", ")
    var text = header((1...attributes).map { "a\($0): [\(names)]" })
    // The names of refusals decide which of several is reported; shuffled, they follow no attribute.
    var numbers = Array(1...attributes * values / 2)
    numbers.shuffle(using: &random)
    text += "costs:\n  - {name: everything else, credits: 10}\n"
    for attribute in 1...attributes {
      for value in 1...values / 2 {
        text += "  - {name: refusal \(numbers.popLast() ?? 0), when: {a\(attribute): v\(value)}, "
        text += "deny: \"a\(attribute) is never v\(value)\"}\n"
      }
    }
    text += "adjustments:\n"
    for attribute in 1...attributes {
      for value in values / 2 + 1...values {
        text += "  - {name: a\(attribute) of v\(value), when: {a\(attribute): v\(value)}, "
        text += "multiply: 1.\(attribute)\(value)}\n"
      }
    }
    return text
  }

  // MARK: A graph

  private static let colours = ["red", "green", "blue"]

  /// Two circles through all vertices in random orders: hardly any set of vertices has few
  /// neighbours outside of it.
  private static func graph(_ vertices: Int) -> String {
    var random = SplitMix(seed: 1)
    let kind = "{type: [\(colours.joined(separator: ", "))], default: red}"
    var text = header((1...vertices).map { "v\($0): \(kind)" })
    var edges: Set<[Int]> = []
    for _ in 0..<2 {
      let circle = Array(1...vertices).shuffled(using: &random)
      for (place, vertex) in circle.enumerated() {
        edges.insert([vertex, circle[(place + 1) % vertices]].sorted())
      }
    }
    text += "costs:\n  - {name: neighbours differ, credits: 1}\n"
    for edge in edges.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      for colour in colours {
        text += "  - {name: v\(edge[0]) and v\(edge[1]) both \(colour), "
        text += "when: {v\(edge[0]): \(colour), v\(edge[1]): \(colour)}, "
        text += "deny: Neighbours have the same colour.}\n"
      }
    }
    return text
  }
}
