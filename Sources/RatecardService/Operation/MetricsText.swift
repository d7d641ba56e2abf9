/// Writes metrics in Prometheus' text format.
struct MetricsText {
  private(set) var bytes: [UInt8] = []

  /// A metric's name, its kind and what it means.
  mutating func family(_ name: String, _ kind: String, _ help: String) {
    line("# HELP \(name) \(help)")
    line("# TYPE \(name) \(kind)")
  }

  /// A sample; labels are written as they are given, values escaped.
  mutating func sample(_ name: String, _ labels: [(String, String)] = [], _ value: String) {
    var text = name
    if !labels.isEmpty {
      text += "{" + labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",") + "}"
    }
    line("\(text) \(value)")
  }

  /// A metric with one sample.
  mutating func metric(_ name: String, _ kind: String, _ help: String, _ value: String) {
    family(name, kind, help)
    sample(name, [], value)
  }

  /// A histogram of times.
  mutating func histogram(_ name: String, _ help: String, _ counts: ArraySlice<UInt64>) {
    family(name, "histogram", help)
    var total: UInt64 = 0
    for (place, count) in zip(counts.indices, counts.prefix(Metrics.bounds.count + 1)) {
      total &+= count
      let index = place - counts.startIndex
      let bound = index < Metrics.bounds.count ? Self.seconds(Metrics.bounds[index]) : "+Inf"
      sample("\(name)_bucket", [("le", bound)], String(total))
    }
    sample("\(name)_sum", [], Self.seconds(counts.last ?? 0))
    sample("\(name)_count", [], String(total))
  }

  private mutating func line(_ text: String) {
    bytes += text.utf8
    bytes.append(UInt8(ascii: "\n"))
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in text.unicodeScalars {
      switch character {
      case "\\": result += "\\\\"
      case "\"": result += "\\\""
      case "\n": result += "\\n"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }

  /// Nanoseconds written as seconds.
  static func seconds(_ nanoseconds: UInt64) -> String {
    let (whole, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    guard rest > 0 else { return String(whole) }
    var digits = String(1_000_000_000 + rest).dropFirst()
    while digits.last == "0" { digits.removeLast() }
    return "\(whole).\(digits)"
  }
}
