internal import RatecardJSON
internal import RatecardReplay
internal import RatecardValues

/// Writes a backtest as JSON; amounts are decimal strings.
struct BacktestJSON {
  private let view: BacktestView
  private var report: BacktestReport { view.report }
  private var json = JSONWriter()

  private init(_ view: BacktestView) { self.view = view }

  static func text(_ view: BacktestView) -> [UInt8] {
    var writer = BacktestJSON(view)
    writer.write()
    return writer.json.bytes + [UInt8(ascii: "\n")]
  }

  private mutating func write() {
    json.beginObject()
    json.member("ratecard", report.name)
    json.member("version", report.version)
    strings("usage", report.sources)
    json.member("rows", report.rows)
    json.member("priced", report.priced)
    json.member("denied", report.denied)
    json.member("unpriced", report.unpriced)
    amount("credits", report.total)
    json.member("unit", report.unit)
    json.key("distribution")
    writeDistribution()
    json.key("rules")
    json.beginArray()
    for rule in report.rules {
      json.beginObject()
      json.member("rule", rule.name)
      json.member("place", rule.place)
      json.member("rows", rule.rows)
      amount("credits", rule.units)
      if report.comparison != nil { change(rule.before, rule.after) }
      json.endObject()
    }
    json.endArray()
    if !report.groupNames.isEmpty {
      strings("by", report.groupNames)
      groups("groups", report.groups, report.groupNames)
    }
    rejections("rejections", report.rejections)
    if let comparison = report.comparison { write(comparison) }
    json.endObject()
  }

  private mutating func writeDistribution() {
    json.beginObject()
    if let least = report.least, let largest = report.largest {
      amount("least", least)
      for (percent, units) in report.percentiles { amount("p\(percent)", units) }
      amount("largest", largest)
      json.member("exact", report.isExact)
    }
    json.endObject()
  }

  private mutating func write(_ comparison: BacktestReport.Comparison) {
    json.key("against")
    json.beginObject()
    json.member("ratecard", comparison.name)
    json.member("version", comparison.version)
    json.member("rows", comparison.rows)
    json.member("raised", comparison.raised)
    json.member("lowered", comparison.lowered)
    json.member("denied_now", comparison.refusedNow)
    json.member("allowed_now", comparison.allowedNow)
    json.member("unpriced", comparison.unpriced)
    change(comparison.before, comparison.after)
    if let customers = report.customers, let counts = view.customersThatPay {
      json.key("customers")
      json.beginObject()
      json.member("more", counts.more)
      json.member("less", counts.less)
      json.member("same", counts.same)
      groups("changes", customers, ["customer"])
      json.endObject()
    }
    rejections("rejections", comparison.rejections)
    json.endObject()
  }

  private mutating func groups(
    _ name: String, _ groups: [BacktestReport.Group], _ names: [String]
  ) {
    json.key(name)
    json.beginArray()
    for group in groups {
      json.beginObject()
      json.key("key")
      json.beginArray()
      for part in group.key {
        if let part { json.string(part) } else { json.null() }
      }
      json.endArray()
      json.member("rows", group.sum.rows)
      json.member("priced", group.sum.priced)
      json.member("denied", group.sum.denied)
      json.member("unpriced", group.sum.unpriced)
      amount("credits", group.units)
      if report.comparison != nil { change(group.before, group.after) }
      json.endObject()
    }
    json.endArray()
  }

  private mutating func change(_ before: Int128, _ after: Int128) {
    amount("before", before)
    amount("now", after)
    amount("change", after - before)
    json.key("change_percent")
    if let percent = BacktestReport.percent(before, after) {
      json.string(percent.description)
    } else {
      json.null()
    }
  }

  private mutating func rejections(_ name: String, _ rejections: [Rejection]) {
    json.key(name)
    json.beginArray()
    for rejection in rejections {
      json.beginObject()
      json.member("code", rejection.code)
      if let attribute = rejection.attribute { json.member("attribute", attribute) }
      json.member("rows", rejection.count)
      json.key("first")
      json.beginArray()
      for example in rejection.examples {
        json.beginObject()
        json.member("file", report.sources[example.source])
        json.member("line", example.line)
        json.member("message", example.message)
        json.endObject()
      }
      json.endArray()
      json.endObject()
    }
    json.endArray()
  }

  private mutating func amount(_ name: String, _ units: Int128) {
    json.member(name, report.amount(units).description)
  }

  private mutating func strings(_ name: String, _ strings: [String]) {
    json.key(name)
    json.beginArray()
    for string in strings { json.string(string) }
    json.endArray()
  }
}
