internal import Ratecard
internal import RatecardDiagnostics
internal import RatecardJSON
internal import RatecardModel
internal import RatecardReplay

/// Writes what came of a card's tests.
struct TestReport {
  let card: RateCard
  let run: CardTestRun
  let folder: String
  /// What the tests reach, if that is asked for.
  let coverage: CoverageText?

  /// For a person: failures with what differs, then a count.
  func text(isColored: Bool) -> String {
    var text = ""
    for result in run.results {
      let verdict = result.passes ? "ok  " : "FAIL"
      let color = result.passes ? "\u{1B}[32m" : "\u{1B}[31;1m"
      text += isColored ? "\(color)\(verdict)\u{1B}[0m" : verdict
      text += " \(result.test.name)\n"
      guard !result.passes else { continue }
      text += "     \(place(result.test.span)): answered \(result.answer.summary)\n"
      for mismatch in result.mismatches {
        text += "     \(mismatch.part): expected \(mismatch.expected), got "
        text += "\(mismatch.actual ?? "nothing")\n"
      }
    }
    if let coverage { text += coverage.text() }
    text += run.results.isEmpty ? "no tests\n" : count()
    return text
  }

  private func count() -> String {
    let passed = run.results.count - run.failures
    return run.failures == 0
      ? "\(counted(passed, "test")), all pass\n"
      : "\(counted(run.results.count, "test")), \(run.failures) failed\n"
  }

  private func place(_ span: Span) -> String {
    let file = card.files[Int(span.file.index)]
    let position = file.position(at: Int(span.start))
    return "\(file.path):\(position.line):\(position.column)"
  }

  // MARK: JSON

  /// For a machine.
  func json() -> [UInt8] {
    var json = JSONWriter(pretty: true)
    json.beginObject()
    json.key("tests")
    json.beginArray()
    for result in run.results { write(result, to: &json) }
    json.endArray()
    if let coverage {
      json.key("coverage")
      coverage.write(to: &json)
    }
    json.key("summary")
    json.beginObject()
    json.member("tests", run.results.count)
    json.member("failed", run.failures)
    json.member("ratecard", card.name)
    json.member("version", card.version)
    json.endObject()
    json.endObject()
    return json.bytes + [UInt8(ascii: "\n")]
  }

  private func write(_ result: CardTestResult, to json: inout JSONWriter) {
    json.beginObject()
    json.member("name", result.test.name)
    json.member("passes", result.passes)
    write(result.test.span, to: &json)
    json.member("answer", result.answer.summary)
    json.key("mismatches")
    json.beginArray()
    for mismatch in result.mismatches {
      json.beginObject()
      json.member("part", mismatch.part)
      json.member("expected", mismatch.expected)
      json.key("actual")
      if let actual = mismatch.actual { json.string(actual) } else { json.null() }
      write(mismatch.span, to: &json)
      json.endObject()
    }
    json.endArray()
    json.endObject()
  }

  private func write(_ span: Span, to json: inout JSONWriter) {
    let file = card.files[Int(span.file.index)]
    let position = file.position(at: Int(span.start))
    json.member("file", file.path)
    json.member("line", position.line)
    json.member("column", position.column)
  }

  // MARK: JUnit

  /// For a build server: a suite a card, a case a test.
  func junit() -> String {
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    let counts = "tests=\"\(run.results.count)\" failures=\"\(run.failures)\" errors=\"0\""
    text += "<testsuites \(counts)>\n"
    text += "  <testsuite name=\"\(Markup.escaped(card.name))\" \(counts) skipped=\"0\">\n"
    if let coverage = coverage?.coverage {
      let rules = coverage.rules + coverage.cells
      let reached = rules.count { $0.isReached }
      text += "    <properties>\n"
      text += "      <property name=\"rules\" value=\"\(rules.count)\"/>\n"
      text += "      <property name=\"rules.reached\" value=\"\(reached)\"/>\n"
      text += "    </properties>\n"
    }
    for result in run.results {
      let file = card.files[Int(result.test.span.file.index)]
      let line = file.position(at: Int(result.test.span.start)).line
      text += "    <testcase name=\"\(Markup.escaped(result.test.name))\""
      text += " classname=\"\(Markup.escaped(card.name))\""
      text += " file=\"\(Markup.escaped(file.path))\" line=\"\(line)\""
      guard !result.passes else {
        text += "/>\n"
        continue
      }
      let lines = result.mismatches.map {
        "\(place($0.span)): \($0.part): expected \($0.expected), got \($0.actual ?? "nothing")"
      }
      text += ">\n      <failure message=\"\(Markup.escaped(lines.first ?? ""))\">"
      text += Markup.escaped(lines.joined(separator: "\n"))
      text += "</failure>\n    </testcase>\n"
    }
    return text + "  </testsuite>\n</testsuites>\n"
  }
}
