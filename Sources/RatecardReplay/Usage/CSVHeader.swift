internal import RatecardDiagnostics

/// What the columns of a CSV file are.
final class CSVHeader: Sendable {
  /// How many there are.
  let count: Int
  /// For each wanted column its place; -1: there is none.
  let places: [Int]

  /// No columns.
  static let none = CSVHeader()

  private init() { (count, places) = (0, []) }

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
    (count, self.places) = (names.count, places)
  }
}
