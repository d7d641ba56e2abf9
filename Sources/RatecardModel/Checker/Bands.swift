internal import RatecardDiagnostics
internal import RatecardSyntax
internal import RatecardValues

/// Bands: the steps of `graduated` and `volume`.
extension CheckContext {
  /// The most bands of a schedule.
  private static let bandLimit = 1_000

  /// A list of bands, sorted by their bounds; nil after something was reported.
  mutating func readBands(_ node: Node, _ what: String) -> [Rate.Band]? {
    guard let items = items(node, what) else { return nil }
    guard items.count <= Self.bandLimit else {
      report(
        .tooMany, "\(what) has at most \(Self.bandLimit) bands, this one has \(items.count)",
        at: items[Self.bandLimit].span, help: "this is the first one over the limit")
      return nil
    }
    var bands: [(band: Rate.Band, node: Node)] = []
    var isWhole = true
    for item in items {
      guard let band = readBand(item) else {
        isWhole = false
        continue
      }
      bands.append((band, item))
    }
    // At equal bounds the one written first comes first, so that the second is reported.
    bands.sort { left, right in
      if left.band.bound == right.band.bound { return left.node.span < right.node.span }
      return Rate.Band.precedes(left.band, right.band)
    }
    for (previous, next) in zip(bands, bands.dropFirst())
    where previous.band.bound == next.band.bound {
      isWhole = false
      let message =
        next.band.bound.map { "two bands end at `\($0)`" } ?? "two bands have no end"
      report(
        .equalBands, message, at: next.node.span,
        help: "each band ends at a bound of its own; only the last may have none",
        notes: [Diagnostic.Note("the other is here", at: previous.node.span)])
    }
    return isWhole ? bands.map(\.band) : nil
  }

  private mutating func readBand(_ node: Node) -> Rate.Band? {
    guard
      let fields = fields(
        of: node, "a band", keys: ["up_to", "below", "rate"], required: ["rate"])
    else { return nil }
    let isOne = !reportConflict(
      among: ["up_to", "below"], in: fields, because: "a band has one end")
    let rate = fields["rate"].flatMap { linearRate($0, "the rate of a band") }
    var bound: Number?
    var isWhole = isOne && !fields.isFaulty
    for key in ["up_to", "below"] where isOne {
      guard let node = fields[key] else { continue }
      bound = number(node, "`\(key)`", from: 0)
      if bound == nil { isWhole = false }
      if let bound, bound.isZero, key == "below" {
        report(
          .numberOutOfRange, "nothing is below 0, so the band is empty", at: node.span,
          help: "write the bound at which the band ends")
        isWhole = false
      }
    }
    guard isWhole, let rate else { return nil }
    return Rate.Band(bound: bound, isInclusive: !fields.has("below"), rate: rate)
  }
}

extension Rate.Band {
  /// Whether it ends before another; one without an end is last.
  static func precedes(_ left: Rate.Band, _ right: Rate.Band) -> Bool {
    switch (left.bound, right.bound) {
    case (.some(let left), .some(let right)): left < right
    case (.some, nil): true
    case (nil, _): false
    }
  }
}
