internal import Foundation

/// A chart with two logarithmic axes, drawn as SVG that is legible on light and on dark ground.
struct LogChart {
  /// A curve; curves of one kind have one colour.
  struct Curve {
    let name: String
    /// 0 or 1.
    let kind: Int
    let isDashed: Bool
    let points: [(x: Double, y: Double)]
  }

  let title: String
  let across: String
  let upwards: String
  let curves: [Curve]

  private static let (left, top, right, bottom) = (64.0, 48.0, 560.0, 400.0)

  /// The chart, as one file.
  var svg: String {
    let frame = Frame(curves.flatMap(\.points))
    var lines = [
      #"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 456" role="img">"#,
      "<title>\(title)</title>",
      Self.style,
      #"<rect class="ground" width="720" height="456"/>"#,
      text(Self.left, 26, title, "title"),
      text((Self.left + Self.right) / 2, 444, across, "middle"),
      "<text class=\"middle\" transform=\"translate(16 \((Self.top + Self.bottom) / 2)) rotate(-90)\">"
        + "\(upwards)</text>",
    ]
    for power in frame.acrossPowers {
      let x = frame.x(pow(10, Double(power)))
      lines.append(line("grid", [(x, Self.top), (x, Self.bottom)]))
      lines.append(text(x, Self.bottom + 20, Self.grouped(power), "middle"))
    }
    for power in frame.upwardPowers {
      for step in 1...9 {
        let value = Double(step) * pow(10, Double(power))
        guard value <= frame.greatest else { break }
        let y = frame.y(value)
        lines.append(line(step == 1 ? "grid" : "faint", [(Self.left, y), (Self.right, y)]))
        if [1, 2, 5].contains(step) {
          lines.append(text(Self.left - 8, y + 4, "\(Int(value))", "end"))
        }
      }
    }
    for curve in curves { lines += draw(curve, in: frame) }
    lines += names(in: frame)
    return (lines + ["</svg>"]).joined(separator: "\n") + "\n"
  }

  private static let style = """
    <style>
      text { font: 12px sans-serif; fill: #24292f }
      .title { font-size: 14px; font-weight: bold }
      .middle { text-anchor: middle }
      .end { text-anchor: end }
      .ground { fill: #ffffff }
      .grid { stroke: #afb8c1 }
      .faint { stroke: #eaeef2 }
      .curve { fill: none; stroke-width: 2 }
      .dashed { stroke-dasharray: 6 4 }
      .kind0 { stroke: #0550ae }
      .kind1 { stroke: #bc4c00 }
      .dot0 { fill: #0550ae }
      .dot1 { fill: #bc4c00 }
      @media (prefers-color-scheme: dark) {
        text { fill: #e6edf3 }
        .ground { fill: #0d1117 }
        .grid { stroke: #484f58 }
        .faint { stroke: #21262d }
        .kind0 { stroke: #79c0ff }
        .kind1 { stroke: #ffa657 }
        .dot0 { fill: #79c0ff }
        .dot1 { fill: #ffa657 }
      }
    </style>
    """

  /// Where values lie: across from the least to the greatest, upwards from a power of ten.
  private struct Frame {
    private let acrossRange: ClosedRange<Double>
    private let upwardRange: ClosedRange<Double>
    let greatest: Double

    init(_ points: [(x: Double, y: Double)]) {
      let (across, upwards) = (points.map { log10($0.x) }, points.map(\.y))
      acrossRange = (across.min() ?? 0)...(across.max() ?? 1)
      let power = pow(10, (log10(upwards.max() ?? 10)).rounded(.down))
      greatest = ((upwards.max() ?? 10) / power).rounded(.up) * power
      upwardRange = log10(upwards.min() ?? 1).rounded(.down)...log10(greatest)
    }

    var acrossPowers: ClosedRange<Int> {
      Int(acrossRange.lowerBound.rounded(.up))...Int(acrossRange.upperBound.rounded(.down))
    }
    var upwardPowers: ClosedRange<Int> {
      Int(upwardRange.lowerBound)...Int(upwardRange.upperBound.rounded(.down))
    }

    func x(_ value: Double) -> Double {
      let part =
        (log10(value) - acrossRange.lowerBound)
        / (acrossRange.upperBound - acrossRange.lowerBound)
      return LogChart.left + part * (LogChart.right - LogChart.left)
    }

    func y(_ value: Double) -> Double {
      let part =
        (log10(value) - upwardRange.lowerBound)
        / (upwardRange.upperBound - upwardRange.lowerBound)
      return LogChart.bottom - part * (LogChart.bottom - LogChart.top)
    }
  }

  private func draw(_ curve: Curve, in frame: Frame) -> [String] {
    let places = curve.points.map { (frame.x($0.x), frame.y($0.y)) }
    let dots = places.map { x, y in
      "<circle class=\"dot\(curve.kind)\" cx=\"\(Self.short(x))\" cy=\"\(Self.short(y))\" r=\"3\"/>"
    }
    let dashed = curve.isDashed ? " dashed" : ""
    return [line("curve kind\(curve.kind)\(dashed)", places)] + dots
  }

  /// The names beside the ends of the curves, moved apart where they would overlap.
  private func names(in frame: Frame) -> [String] {
    var lowest = -Double.infinity
    return curves.sorted { ($0.points.last?.y ?? 0) > ($1.points.last?.y ?? 0) }.map { curve in
      let y = max(frame.y(curve.points.last?.y ?? 1) + 4, lowest + 16)
      lowest = y
      return text(Self.right + 10, y, curve.name, "name")
    }
  }

  private func line(_ style: String, _ places: [(Double, Double)]) -> String {
    let points = places.map { "\(Self.short($0.0)),\(Self.short($0.1))" }.joined(separator: " ")
    return "<polyline class=\"\(style)\" points=\"\(points)\"/>"
  }

  private func text(_ x: Double, _ y: Double, _ text: String, _ style: String) -> String {
    "<text class=\"\(style)\" x=\"\(Self.short(x))\" y=\"\(Self.short(y))\">\(text)</text>"
  }

  private static func short(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  }

  /// A power of ten with its digits in groups of three.
  private static func grouped(_ power: Int) -> String {
    let head = "1" + String(repeating: "0", count: power % 3)
    return head + String(repeating: ",000", count: power / 3)
  }
}
