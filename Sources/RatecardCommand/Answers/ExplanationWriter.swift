internal import Ratecard
internal import RatecardJSON
internal import RatecardValues
internal import RatecardWire

/// Writes explanations as JSON; amounts are exact texts, fractions where decimals do not end.
struct ExplanationWriter {
  let card: RateCard

  /// The whole explanation, indented.
  func json(_ explanation: Explanation) -> [UInt8] {
    var json = JSONWriter(pretty: true)
    let writer = AnswerWriter(cardName: explanation.card, version: explanation.version)
    json.beginObject()
    json.key("answer")
    switch explanation.answer {
    case .decision(let decision): writer.write(decision, to: &json)
    case .quote(let quote): writer.write(quote, to: &json)
    case .failure(let error): AnswerWriter.write(error, to: &json)
    }
    json.key("attributes")
    json.beginArray()
    for reading in explanation.attributes { write(reading, to: &json) }
    json.endArray()
    json.key("stages")
    json.beginArray()
    for stage in explanation.stages { write(stage, to: &json) }
    json.endArray()
    json.key("steps")
    json.beginArray()
    for step in explanation.steps { write(step, to: &json) }
    json.endArray()
    json.endObject()
    return json.bytes + [UInt8(ascii: "\n")]
  }

  private func write(_ reading: Explanation.Reading, to json: inout JSONWriter) {
    json.beginObject()
    json.member("name", reading.name)
    if let written = reading.written { json.member("written", written) }
    json.key("value")
    if let value = reading.value { json.string(value) } else { json.null() }
    if let remark = reading.remark { json.member("remark", remark) }
    json.endObject()
  }

  private func write(_ stage: Explanation.Stage, to json: inout JSONWriter) {
    json.beginObject()
    json.member("section", stage.section)
    if let winner = stage.winner { json.member("winner", winner) }
    if let remark = stage.remark { json.member("remark", remark) }
    json.key("candidates")
    json.beginArray()
    for candidate in stage.candidates {
      json.beginObject()
      json.member("rule", candidate.rule)
      json.member("file", candidate.place.path)
      json.member("line", candidate.place.line)
      json.member("column", candidate.place.column)
      json.member("conditions", candidate.conditions)
      json.member("says", candidate.says)
      json.key("beaten_by")
      json.beginArray()
      for defeat in candidate.defeats {
        json.beginObject()
        json.member("rule", defeat.by)
        json.member("reason", defeat.reason.rawValue)
        json.endObject()
      }
      json.endArray()
      json.endObject()
    }
    json.endArray()
    json.endObject()
  }

  private func write(_ step: Explanation.Step, to json: inout JSONWriter) {
    json.beginObject()
    json.member("label", step.label)
    json.member("detail", step.detail)
    if let part = step.part { json.member("part", part.description) }
    if let total = step.total { json.member("total", total.description) }
    json.endObject()
  }
}
