/// The columns of a usage log that are looked at.
public struct UsageColumns: Sendable {
  /// What rows say of one thing, in a column of CSV or by a name of JSON Lines.
  public struct Column: Sendable {
    /// The names that it has in one log or another; a log has one of them.
    public fileprivate(set) var names: [String]
    /// The attribute that it is; nil: rows are only grouped by it.
    public let attribute: String?
    /// Whether somebody asks for it by name, so that it must be there.
    fileprivate(set) var isAsked: Bool

    /// What messages call it.
    var title: String { attribute ?? names[0] }
  }

  /// All of them.
  public private(set) var all: [Column] = []
  /// The places of those by which rows are grouped, as asked for.
  private(set) var groups: [Int] = []
  /// Their names, as asked for.
  public let groupNames: [String]
  /// The place of the one that says who pays; nil: there is no such attribute.
  let customer: Int?
  /// Columns that were said to be no attribute.
  private let unwanted: [String]
  /// What rows have that say nothing there: a column's place, and a text.
  private(set) var constants: [(column: Int, text: String)] = []

  /// Chooses columns: those with the names of `attributes`, those mapped to them, and those to
  /// group by.
  ///
  /// A column that is mapped is nothing else: mapped to "", it is no attribute. Of `constants`, rows
  /// have what they do not say themselves.
  init(
    attributes: [String], map: [(column: String, attribute: String)],
    constants: [(attribute: String, text: String)] = [], groups: [String]
  ) {
    for attribute in attributes {
      let mapped = map.filter { $0.attribute == attribute }.map(\.column)
      if !mapped.isEmpty {
        all.append(Column(names: mapped, attribute: attribute, isAsked: true))
      } else if !map.contains(where: { $0.column == attribute }) {
        all.append(Column(names: [attribute], attribute: attribute, isAsked: false))
      }
    }
    for (attribute, text) in constants {
      let known = all.firstIndex { $0.attribute == attribute }
      self.constants.append((known ?? all.count, text))
      // Its own column is mapped away; no column has this name.
      if known == nil {
        all.append(Column(names: ["\u{0}\(attribute)"], attribute: attribute, isAsked: false))
      }
    }
    for name in groups {
      let known =
        all.firstIndex { $0.attribute == name } ?? all.firstIndex { $0.names.contains(name) }
      self.groups.append(known ?? all.count)
      if let known {
        all[known].isAsked = true
      } else {
        all.append(Column(names: [name], attribute: nil, isAsked: true))
      }
    }
    groupNames = groups
    unwanted = map.filter(\.attribute.isEmpty).map(\.column)
    customer = all.firstIndex { $0.attribute == "customer" }
  }

  /// Whether it was said of a column that it is no attribute.
  func isUnwanted(_ name: String) -> Bool { unwanted.contains(name) }
}
