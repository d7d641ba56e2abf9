internal import RatecardValues

/// What a condition asks of one attribute.
enum Matcher: Hashable, Sendable {
  /// One of these texts.
  case texts([String])
  /// More than a number.
  case above(Number)
  /// A number or more.
  case atLeast(Number)
  /// Not carried.
  case absent
  /// Carried.
  case present
  /// One of these windows holds.
  case windows([TimeWindow])

  /// The matcher for what either takes; nil where there is none.
  func joined(with other: Matcher) -> Matcher? {
    switch (self, other) {
    case (.texts(let left), .texts(let right)): return .texts(left + right)
    case (.windows(let left), .windows(let right)):
      guard left.count == 1, right.count == 1, left[0].days.isEmpty, right[0].days.isEmpty else {
        return .windows(left + right)
      }
      return .windows([TimeWindow(hours: DaySpan.joined(left[0].hours + right[0].hours))])
    default: return nil
    }
  }
}

/// One way in which a model's requests are told apart: an attribute, and what may be asked of it.
struct Dimension: Equatable, Sendable {
  /// A condition on the attribute; cells take disjoint requests, but for those they stand within.
  struct Cell: Equatable, Sendable {
    /// What is asked.
    var matcher: Matcher
    /// The cell it stands within; 0: none.
    var parent = 0
  }

  /// The attribute.
  let attribute: String
  /// The conditions; as a coordinate the first is 1, and 0 is any request.
  var cells: [Cell]

  /// Whether one coordinate takes all that another does.
  func includes(_ wide: Int, _ narrow: Int) -> Bool {
    var coordinate = narrow
    while coordinate != wide {
      if coordinate == 0 { return false }
      coordinate = cells[coordinate - 1].parent
    }
    return true
  }

  /// How many cells a coordinate stands within, itself counted.
  func depth(_ coordinate: Int) -> Int {
    coordinate == 0 ? 0 : 1 + depth(cells[coordinate - 1].parent)
  }
}

/// A model's price in every situation that its list tells apart, from one date to the next.
struct PriceGrid: Equatable, Sendable {
  /// How requests are told apart.
  private(set) var dimensions: [Dimension]
  /// The dates at which prices change; there is one period more.
  let starts: [CivilDate]
  /// One coordinate for each dimension, of every situation, the most general one first.
  private(set) var situations: [[Int]]
  /// By situation and period; nil: nothing is said about it.
  private(set) var prices: [[Price?]]

  /// Makes a grid, asking for the price of a situation in a period.
  init(
    dimensions: [Dimension], starts: [CivilDate] = [],
    price: (_ situation: [Int], _ period: Int) -> Price?
  ) {
    self.dimensions = dimensions
    self.starts = starts
    situations = [[]]
    for dimension in dimensions {
      situations = situations.flatMap { situation in
        (0...dimension.cells.count).map { situation + [$0] }
      }
    }
    prices = situations.map { situation in (0...starts.count).map { price(situation, $0) } }
    joinCells()
  }

  /// Whether a card can hold all its amounts.
  var isSayable: Bool { prices.joined().allSatisfy { $0?.isSayable ?? true } }

  /// Puts cells together that never differ in price: fast and priority service, two peaks.
  private mutating func joinCells() {
    for index in dimensions.indices {
      var cell = 1
      while cell < dimensions[index].cells.count {
        let other = (cell + 1...dimensions[index].cells.count).first { isSame(index, cell, $0) }
        guard let other, let joined = joined(index, cell, other) else {
          cell += 1
          continue
        }
        dimensions[index].cells[cell - 1].matcher = joined
        dimensions[index].cells.remove(at: other - 1)
        let kept = situations.indices.filter { situations[$0][index] != other }
        prices = kept.map { prices[$0] }
        situations = kept.map { place in
          var situation = situations[place]
          if situation[index] > other { situation[index] -= 1 }
          return situation
        }
      }
    }
  }

  private func joined(_ index: Int, _ cell: Int, _ other: Int) -> Matcher? {
    let cells = dimensions[index].cells
    guard cells.allSatisfy({ $0.parent == 0 }) else { return nil }
    return cells[cell - 1].matcher.joined(with: cells[other - 1].matcher)
  }

  /// Whether two cells of a dimension have the same prices, whatever else is asked.
  private func isSame(_ index: Int, _ cell: Int, _ other: Int) -> Bool {
    guard joined(index, cell, other) != nil else { return false }
    for (place, situation) in situations.enumerated() where situation[index] == cell {
      var twin = situation
      twin[index] = other
      guard let twinPlace = situations.firstIndex(of: twin), prices[place] == prices[twinPlace]
      else { return false }
    }
    return true
  }
}
