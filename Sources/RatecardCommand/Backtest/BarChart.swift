/// A chart of horizontal bars, as SVG that stands in a page.
///
/// Bars of negative values go to the left of a common line. Places are worked out in integers.
struct BarChart {
  struct Bar {
    enum Style: String {
      case plain = "bar"
      case more, less
    }

    let label: String
    let value: Int128
    /// The value as it is written beside the bar.
    let text: String
    let style: Style
  }

  let title: String
  let bars: [Bar]

  private static let width = 960
  private static let labelWidth = 280
  private static let textWidth = 150
  private static let rowHeight = 26
  /// The most characters of a label, and the rest of it in the title of the bar.
  private static let labelLimit = 38

  /// The chart; nothing where there is no bar.
  var svg: String {
    if bars.isEmpty { return "" }
    let hasNegatives = bars.contains { $0.value < 0 }
    let hasPositives = bars.contains { $0.value >= 0 }
    let room =
      Self.width - Self.labelWidth - Self.textWidth * (hasNegatives && hasPositives ? 2 : 1)
    let most = max(1, bars.map { $0.value.magnitude }.max() ?? 1)
    let height = bars.count * Self.rowHeight + 8
    // The line that bars begin at, and how long the longest may be.
    let side = hasNegatives && hasPositives ? room / 2 : room
    let line = Self.labelWidth + (hasNegatives ? Self.textWidth + side : 0)
    var content = ""
    for (index, bar) in bars.enumerated() {
      let top = 4 + index * Self.rowHeight
      let length = Self.part(bar.value.magnitude, of: most, length: side)
      let start = bar.value < 0 ? line - length : line
      let isLeft = bar.value < 0
      let end = isLeft ? start - 6 : start + length + 6
      content += """
        <text x="\(Self.labelWidth - 10)" y="\(top + 17)" text-anchor="end">\(label(bar))</text>
        <rect class="\(bar.style.rawValue)" x="\(start)" y="\(top + 4)" width="\(length)" \
        height="\(Self.rowHeight - 8)" rx="2"><title>\(Markup.escaped("\(bar.label): \(bar.text)"))\
        </title></rect>
        <text class="quiet" x="\(end)" y="\(top + 17)" text-anchor="\(isLeft ? "end" : "start")">\
        \(Markup.escaped(bar.text))</text>

        """
    }
    let name = Markup.escaped(title)
    return """
      <svg role="img" aria-label="\(name)" viewBox="0 0 \(Self.width) \(height)" \
      width="\(Self.width)" height="\(height)">
      <title>\(name)</title>
      <line class="axis" x1="\(line)" y1="2" x2="\(line)" y2="\(height - 2)"/>
      \(content)</svg>

      """
  }

  private func label(_ bar: Bar) -> String {
    let text =
      bar.label.count > Self.labelLimit ? bar.label.prefix(Self.labelLimit - 1) + "…" : bar.label
    return Markup.escaped(String(text))
  }

  /// How much of a length stands for a part of the most; something for whatever is not 0.
  static func part(_ value: UInt128, of most: UInt128, length: Int) -> Int {
    if value == 0 { return 0 }
    let product = value.multipliedFullWidth(by: UInt128(length))
    // The part is at most the whole, so the quotient fits.
    return max(1, Int(most.dividingFullWidth(product).quotient))
  }
}
