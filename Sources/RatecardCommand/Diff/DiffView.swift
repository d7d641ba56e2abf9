internal import Ratecard
internal import RatecardAnalysis
internal import RatecardModel

/// A difference of cards in words, section by section: what all formats write.
struct DiffView {
  /// One thing that changes.
  struct Change {
    /// What it concerns.
    enum Subject {
      /// Requests, as alternatives.
      case requests([RegionChange.Requests])
      /// A field of something; either may be empty.
      case field(String, of: String)
    }

    let subject: Subject
    /// What changes about it; never empty.
    let lines: [Line]
    let trend: Trend

    /// The subject in words, a line for each alternative.
    var subjects: [String] {
      switch subject {
      case .requests(let all):
        all.map { requests in
          requests.conditions.isEmpty
            ? "every request" : requests.conditions.joined(separator: ", ")
        }
      case .field(let field, let owner):
        [[owner, field].filter { !$0.isEmpty }.joined(separator: ", ")]
      }
    }
  }

  /// Something before and after.
  struct Line {
    /// What it is, such as a rate's attribute; empty for all there is to say.
    let part: String
    /// Empty where something is added or removed as a whole, as `after` says.
    let before: String
    let after: String
    /// What both amounts are counted in; empty where they say so themselves.
    let unit: String
    /// How much more or less that is; nil where it means nothing.
    let percent: String?

    init(
      _ before: String, _ after: String, of part: String = "", unit: String = "",
      percent: String? = nil
    ) {
      self.part = part
      self.before = before
      self.after = after
      self.unit = unit
      self.percent = percent
    }
  }

  /// The sections that change, in their order.
  let sections: [(name: String, changes: [Change])]
  /// Which way amounts go.
  let trend: Trend

  init(_ difference: CardDifference) {
    let wording = DiffWording(difference.vocabulary)
    trend = difference.trend
    sections = CardDifference.Section.allCases.compactMap { section in
      let details = difference.details.filter { $0.section == section }.map(Self.change)
      let regions = difference.regions.filter { $0.section == section }.map { region in
        Change(
          subject: .requests(region.requests), lines: wording.lines(region), trend: region.trend)
      }
      return details.isEmpty && regions.isEmpty ? nil : (section.rawValue, details + regions)
    }
  }

  private static func change(_ detail: DetailChange) -> Change {
    var field = detail.field
    let line: Line
    switch detail.change {
    case .added(let member):
      if let member { field += " \(member)" }
      line = Line("", "added")
    case .removed(let member):
      if let member { field += " \(member)" }
      line = Line("", "removed")
    case .value(let before, let after): line = Line(before ?? "none", after ?? "none")
    }
    return Change(
      subject: .field(field, of: detail.subject), lines: [line], trend: detail.trend)
  }
}
