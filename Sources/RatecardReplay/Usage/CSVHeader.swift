internal import RatecardDiagnostics

/// What the columns of a CSV file are.
final class CSVHeader: Sendable {
  /// How many there are.
  let count: Int
  /// For each wanted column its place; -1: there is none.
  let places: [Int]
  /// The wanted columns that there are, with their places.
  let present: [(column: Int, place: Int)]

  /// No columns.
  static let none = CSVHeader()

  private init() { (count, places, present) = (0, [], []) }

  /// Finds the wanted columns among the names of a file's own.
  init(
    _ names: [String], _ columns: UsageColumns, of source: String
  ) throws(UsageFailure) {
    var places: [Int] = []
    for (index, column) in columns.all.enumerated() {
      let found = names.indices.filter { column.names.contains(names[$0]) }
      if found.count > 1 {
        let (first, second) = (names[found[0]], names[found[1]])
        throw first == second
          ? .doubledColumn(source: source, first)
          : .rivalColumns(source: source, first, second, attribute: column.title)
      }
      if found.isEmpty, column.isAsked, !columns.constants.contains(where: { $0.column == index }) {
        let name = column.names[0]
        throw .missingColumn(
          source: source, name, near: Suggestion.closest(to: name, among: names))
      }
      places.append(found.first ?? -1)
    }
    let hasAttribute = zip(columns.all, places).contains { $0.attribute != nil && $1 >= 0 }
    if !hasAttribute { throw .noAttributes(source: source, names) }
    let plainNames = names.map(Self.plain)
    for (index, column) in columns.all.enumerated() where places[index] < 0 {
      guard let attribute = column.attribute, column.names == [attribute] else { continue }
      let plain = Self.plain(attribute)
      let near = names.indices.first { place in
        plainNames[place] == plain && !places.contains(place) && !columns.isUnwanted(names[place])
      }
      if let near { throw .nearColumn(source: source, names[near], attribute: attribute) }
    }
    (count, self.places) = (names.count, places)
    present = places.enumerated().filter { $0.element >= 0 }.map { ($0.offset, $0.element) }
  }

  /// A name without what people write in different ways: `Input Tokens` is `input_tokens`.
  ///
  /// Such a column that meant nothing would make requests cheaper than they are, and nobody would see
  /// it.
  private static func plain(_ name: String) -> [UInt8] {
    name.utf8.compactMap { byte in
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
      case 0...0x20, UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."): nil
      default: byte
      }
    }
  }
}
