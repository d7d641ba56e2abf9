internal import RatecardValues

/// A card as a person wants to see it: facts, prices as a grid, and a table a section.
///
/// The formats differ only in how they write this.
struct Overview {
  /// A name for programs and one for people.
  struct Label {
    let key: String
    let title: String

    init(_ key: String, _ title: String) {
      self.key = key
      self.title = title
    }
  }

  /// A fact about the card.
  struct Fact {
    let label: Label
    let value: String
  }

  /// Rows of texts under headings.
  struct Table {
    let label: Label
    let columns: [Label]
    let rows: [[String]]
  }

  let card: String
  let version: String
  /// The instant whose prices are shown; nil: they are the same at all times.
  let at: Instant?
  let facts: [Fact]
  let grids: [PriceGrid]
  let tables: [Table]
}

/// What requests cost by two attributes.
struct PriceGrid {
  /// One axis: an attribute and the values that the card tells apart.
  struct Axis {
    let attribute: String
    /// Each value with the words for it; `any other` stands for those that the card does not name.
    let values: [(label: String, example: String?)]
  }

  /// A cell: its price in words and the rule that says so.
  struct Cell {
    let price: String
    let rule: String
    /// What stands in a grid: a flat price, or the name of a rule whose price takes a sentence.
    let short: String
  }

  /// What holds for the whole grid besides: `tier: slow`.
  let caption: String?
  let rows: Axis
  let columns: Axis
  let cells: [[Cell]]
}
