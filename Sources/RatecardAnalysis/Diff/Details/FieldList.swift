import RatecardCompiler
import RatecardModel
import RatecardValues

/// Gathers the fields of one subject that differ.
struct FieldList {
  private let section: CardDifference.Section
  private let subject: String
  private(set) var changes: [DetailChange] = []

  init(_ section: CardDifference.Section, subject: String = "") {
    self.section = section
    self.subject = subject
  }

  /// Notes what happens to a field, or to the subject itself.
  mutating func add(_ change: DetailChange.Change, to field: String = "", trend: Trend = []) {
    changes.append(
      DetailChange(section: section, subject: subject, field: field, change: change, trend: trend))
  }

  /// Notes a subject that only one card has.
  mutating func compareExistence<Item>(_ both: Both<Item?>) {
    if both.old == nil { add(.added(nil)) }
    if both.new == nil { add(.removed(nil)) }
  }

  /// Notes a field that says something else; of a subject that is gone no field is noted.
  mutating func compare(_ field: String, _ texts: Both<String?>, trend: Trend = []) {
    guard !isGone, texts.old.map(ExactText.init) != texts.new.map(ExactText.init) else { return }
    add(.value(before: texts.old, after: texts.new), to: field, trend: trend)
  }

  /// Notes a field that both cards have.
  mutating func compare(_ field: String, _ texts: Both<String>, trend: Trend = []) {
    compare(field, texts.map { Optional($0) }, trend: trend)
  }

  /// Notes what is only in one of two sets.
  mutating func compareMembers(_ field: String, _ members: Both<[String]>) {
    if isGone { return }
    let known = members.map { Set($0.map(ExactText.init)) }
    for text in members.old.map(ExactText.init).sorted() where !known.new.contains(text) {
      add(.removed(text.string), to: field)
    }
    for text in members.new.map(ExactText.init).sorted() where !known.old.contains(text) {
      add(.added(text.string), to: field)
    }
  }

  /// Notes the terms of a grant.
  mutating func compare(_ terms: Both<GrantTerms>) {
    compare("expires_after_days", terms.map { $0.expiresAfterDays.map(String.init) })
    compare("rollover", terms.map { $0.rolloverPercent.map { "\($0) %" } })
    compare("rollover for", terms.map { $0.rolloverTerm?.description })
    compare("rollover times", terms.map { $0.rolloverTimes.map(String.init) })
    let overages = terms.map(\.overage)
    compare(
      "overage rate", overages.map { $0?.rate?.text },
      trend: Trend(overages.old?.rate, overages.new?.rate))
    compare("overage limit", overages.map { $0?.limit?.description })
    compare("overage settle", overages.map { $0?.settlement?.rawValue })
  }

  private var isGone: Bool { changes.first?.change == .removed(nil) }
}

extension Trend {
  /// Which way an amount of a currency goes; no amount is 0.
  init(_ before: Money?, _ after: Money?) {
    let (old, new) = (before?.amount ?? .zero, after?.amount ?? .zero)
    if let before, let after, before.currency != after.currency {
      self = [.rises, .falls]
    } else {
      self = old < new ? .rises : new < old ? .falls : []
    }
  }
}
