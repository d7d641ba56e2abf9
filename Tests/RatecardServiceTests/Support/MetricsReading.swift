import Foundation

/// Prometheus' text format, read strictly.
struct MetricsReading {
  struct Malformed: Error, CustomStringConvertible {
    let line: String
    let why: String
    var description: String { "\(why): `\(line)`" }
  }

  struct Sample: Equatable {
    let name: String
    let labels: [String: String]
    let value: Double
  }

  struct Family {
    let name: String
    let kind: String
    var samples: [Sample] = []
  }

  private(set) var families: [Family] = []

  /// Reads a whole page: for each family HELP, TYPE and then all its samples.
  init(_ text: String) throws {
    guard text.hasSuffix("\n") else { throw Malformed(line: "", why: "the last line has no end") }
    var helped: String?
    for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
      let line = String(line)
      func fail(_ why: String) -> Malformed { Malformed(line: line, why: why) }
      let words = line.split(separator: " ", maxSplits: 3).map(String.init)
      if line.hasPrefix("# HELP ") {
        guard words.count == 4, helped == nil else { throw fail("a HELP out of place") }
        helped = words[2]
      } else if line.hasPrefix("# TYPE ") {
        guard words.count == 4, words[2] == helped,
          ["counter", "gauge", "histogram"].contains(words[3]),
          words[2].wholeMatch(of: /[a-zA-Z_:][a-zA-Z0-9_:]*/) != nil,
          !families.contains(where: { $0.name == words[2] })
        else { throw fail("a TYPE out of place") }
        families.append(Family(name: words[2], kind: words[3]))
        helped = nil
      } else {
        guard helped == nil, let family = families.last else { throw fail("a sample too soon") }
        let sample = try Self.sample(line)
        let names =
          family.kind == "histogram"
          ? ["_bucket", "_sum", "_count"].map { family.name + $0 } : [family.name]
        guard names.contains(sample.name) else { throw fail("a sample of another family") }
        guard
          !family.samples.contains(where: {
            $0.name == sample.name && $0.labels == sample.labels
          })
        else { throw fail("a sample twice") }
        families[families.count - 1].samples.append(sample)
      }
    }
    for family in families { try Self.check(family) }
  }

  private static func sample(_ line: String) throws -> Sample {
    guard
      let match = line.wholeMatch(
        of: /([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\})? (\S+)/)
    else { throw Malformed(line: line, why: "no sample") }
    var labels: [String: String] = [:]
    var rest = match.2.map { $0[...] } ?? ""
    while !rest.isEmpty {
      guard
        let label = rest.prefixMatch(of: /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)",?/),
        labels.updateValue(String(label.2), forKey: String(label.1)) == nil
      else { throw Malformed(line: line, why: "a wrong label") }
      rest = rest[label.range.upperBound...]
    }
    guard let value = match.3 == "+Inf" ? .infinity : Double(match.3) else {
      throw Malformed(line: line, why: "no number")
    }
    return Sample(name: String(match.1), labels: labels, value: value)
  }

  private static func check(_ family: Family) throws {
    func fail(_ why: String) -> Malformed { Malformed(line: family.name, why: why) }
    if family.kind == "counter", !family.name.hasSuffix("_total") {
      throw fail("a counter's name ends with _total")
    }
    if family.kind == "counter", family.samples.contains(where: { $0.value < 0 }) {
      throw fail("a counter below 0")
    }
    guard family.kind == "histogram" else { return }
    let buckets = family.samples.filter { $0.name == family.name + "_bucket" }
    let bounds = buckets.compactMap { sample in
      sample.labels["le"].flatMap { $0 == "+Inf" ? .infinity : Double($0) }
    }
    guard bounds.count == buckets.count, bounds.last == .infinity else {
      throw fail("the buckets end with +Inf")
    }
    for place in bounds.indices.dropFirst() {
      guard bounds[place - 1] < bounds[place], buckets[place - 1].value <= buckets[place].value
      else { throw fail("buckets rise") }
    }
    let count = family.samples.filter { $0.name == family.name + "_count" }
    guard count.count == 1, count[0].value == buckets.last?.value else {
      throw fail("the count is that of +Inf")
    }
    guard family.samples.count(where: { $0.name == family.name + "_sum" }) == 1 else {
      throw fail("there is one sum")
    }
  }

  /// The value of a sample; nil: there is none.
  func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
    families.flatMap(\.samples).first { $0.name == name && $0.labels == labels }?.value
  }
}

extension ServiceClient {
  /// The metrics now.
  func metrics() throws -> MetricsReading { try MetricsReading(try get("/metrics").text) }
}
