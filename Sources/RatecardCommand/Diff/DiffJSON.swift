internal import Ratecard
internal import RatecardAnalysis
internal import RatecardDiagnostics
internal import RatecardJSON

/// Writes a difference as JSON.
enum DiffJSON {
  /// `guards` stand in it where they were looked at.
  static func text(
    _ view: DiffView, old: RateCard, new: RateCard, guards: ChangeGuards?
  ) -> [UInt8] {
    var json = JSONWriter(pretty: true)
    json.beginObject()
    write(old, as: "old", to: &json)
    write(new, as: "new", to: &json)
    json.key("changes")
    json.beginArray()
    for section in view.sections {
      for change in section.changes { write(change, in: section.name, to: &json) }
    }
    json.endArray()
    if let guards { write(guards, to: &json) }
    json.key("summary")
    json.beginObject()
    json.member("changes", view.sections.reduce(0) { $0 + $1.changes.count })
    json.member("increases", view.trend.contains(.rises))
    json.member("decreases", view.trend.contains(.falls))
    json.endObject()
    json.endObject()
    return json.bytes + [UInt8(ascii: "\n")]
  }

  private static func write(_ card: RateCard, as key: String, to json: inout JSONWriter) {
    json.key(key)
    json.beginObject()
    json.member("ratecard", card.name)
    json.member("version", card.version)
    json.endObject()
  }

  private static func write(_ guards: ChangeGuards, to json: inout JSONWriter) {
    json.key("guards")
    json.beginObject()
    json.member("checked", guards.count)
    json.key("diagnostics")
    JSONRenderer.write(guards.report.diagnostics, files: guards.report.files, to: &json)
    json.endObject()
  }

  private static func write(
    _ change: DiffView.Change, in section: String, to json: inout JSONWriter
  ) {
    json.beginObject()
    json.member("section", section)
    switch change.subject {
    case .field(let field, let owner):
      if !owner.isEmpty { json.member("subject", owner) }
      if !field.isEmpty { json.member("field", field) }
    case .requests(let all):
      json.key("requests")
      json.beginArray()
      for requests in all { write(requests, to: &json) }
      json.endArray()
    }
    json.key("lines")
    json.beginArray()
    for line in change.lines { write(line, to: &json) }
    json.endArray()
    json.member("increases", change.trend.contains(.rises))
    json.member("decreases", change.trend.contains(.falls))
    json.endObject()
  }

  private static func write(_ requests: RegionChange.Requests, to json: inout JSONWriter) {
    json.beginObject()
    json.key("when")
    json.beginArray()
    for condition in requests.conditions { json.string(condition) }
    json.endArray()
    json.key("example")
    json.beginObject()
    for (name, value) in requests.example { json.member(name, value) }
    json.endObject()
    json.endObject()
  }

  private static func write(_ line: DiffView.Line, to json: inout JSONWriter) {
    json.beginObject()
    if !line.part.isEmpty { json.member("part", line.part) }
    if !line.before.isEmpty { json.member("before", line.before) }
    json.member("after", line.after)
    if !line.unit.isEmpty { json.member("unit", line.unit) }
    if let percent = line.percent { json.member("percent", percent) }
    json.endObject()
  }
}
