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
    for column in columns.all {
      let place = names.firstIndex(of: column.name) ?? -1
      if place >= 0, names[(place + 1)...].contains(column.name) {
        throw .doubledColumn(source: source, column.name)
      }
      if place < 0, column.isAsked {
        throw .missingColumn(
          source: source, column.name, near: Suggestion.closest(to: column.name, among: names))
      }
      places.append(place)
    }
    let hasAttribute = zip(columns.all, places).contains { $0.attribute != nil && $1 >= 0 }
    if !hasAttribute { throw .noAttributes(source: source, names) }
    (count, self.places) = (names.count, places)
  }
}

/// The columns of a usage log that are looked at.
public struct UsageColumns: Sendable {
  /// A column, or a name in objects of JSON Lines.
  public struct Column: Sendable {
    /// Its name in the log.
    public let name: String
    /// The attribute that it is; nil: rows are only grouped by it.
    public let attribute: String?
    /// Whether somebody asks for it by name, so that it must be there.
    let isAsked: Bool
  }

  /// All of them, each name once.
  public let all: [Column]
  /// The places of those by which rows are grouped, as asked for.
  let groups: [Int]
  /// Their names, as asked for.
  public let groupNames: [String]
  /// The place of the one that says who pays; nil: there is no such attribute.
  let customer: Int?

  /// Chooses columns: those with the names of `attributes`, those mapped to them, and those to
  /// group by.
  ///
  /// A column that is mapped is nothing else: mapped to "", it is no attribute.
  init(
    attributes: [String], map: [(column: String, attribute: String)], groups: [String]
  ) {
    let mapped = map.map(\.column)
    let targets = map.map(\.attribute)
    var all: [Column] = []
    for attribute in attributes where !mapped.contains(attribute) && !targets.contains(attribute) {
      all.append(Column(name: attribute, attribute: attribute, isAsked: false))
    }
    for (column, attribute) in map where !attribute.isEmpty {
      all.append(Column(name: column, attribute: attribute, isAsked: true))
    }
    var places: [Int] = []
    for name in groups {
      let known =
        all.firstIndex { $0.attribute == name } ?? all.firstIndex { $0.name == name }
      if let known {
        places.append(known)
        let column = all[known]
        all[known] = Column(name: column.name, attribute: column.attribute, isAsked: true)
      } else {
        places.append(all.count)
        all.append(Column(name: name, attribute: nil, isAsked: true))
      }
    }
    (self.all, self.groups, groupNames) = (all, places, groups)
    customer = all.firstIndex { $0.attribute == "customer" }
  }
}
