import RatecardCompiler
import RatecardModel
import RatecardValues

/// Puts requests that are answered differently into as few and as plain words as it can.
struct RegionWriter {
  private let pair: CardPair
  private let text: RegionText
  private let prices: PriceComparison
  /// The axes along which some combinations are no requests.
  private let tied: Set<Int>

  init(_ pair: CardPair) {
    self.pair = pair
    text = RegionText(pair.card, pair.space)
    prices = PriceComparison(pair)
    tied = pair.space.partSums.axes.union(
      pair.space.axes.indices.filter {
        [.model, .requestedModel].contains(pair.space.axes[$0].attribute)
      })
  }

  /// The changes, by their first requests.
  func changes(
    _ section: CardDifference.Section, _ differing: [DifferingRequests]
  ) -> [RegionChange] {
    let ordered = differing.map { (differing: $0, boxes: joined($0)) }
      .sorted { left, right in
        guard let first = left.boxes.first, let second = right.boxes.first else { return false }
        return Box.precedes(first, second)
      }
    return ordered.map { change($0.differing, $0.boxes, in: section) }
  }

  private func change(
    _ differing: DifferingRequests, _ boxes: [Box], in section: CardDifference.Section
  ) -> RegionChange {
    var components: [ComponentChange] = []
    var trend: Trend = []
    switch (differing.answers.old, differing.answers.new) {
    case (.price(let before), .price(let after)):
      components = prices.components(before, after)
      trend = prices.trend(before, after)
    case (.adjusted(let before), .adjusted(let after)):
      trend = prices.trend(before, after)
    default: break
    }
    return RegionChange(
      section: section,
      requests: boxes.map { box in
        RegionChange.Requests(
          conditions: text.conditions(box, within: differing.whole),
          example: example(of: box, within: differing.whole))
      },
      before: differing.answers.old, after: differing.answers.new, components: components,
      trend: trend)
  }

  /// The boxes joined, without conditions that follow from others.
  private func joined(_ differing: DifferingRequests) -> [Box] {
    let boxes = differing.boxes.map { relaxed($0, within: differing.whole) }
    return Region(boxes, in: pair.space).boxes
      .map { relaxed($0, within: differing.whole) }.sorted(by: Box.precedes)
  }

  /// A box without the sides that no possible request of `whole` could leave.
  private func relaxed(_ box: Box, within whole: Box) -> Box {
    var result = box
    for side in box.sides where tied.contains(side.axis) {
      let all = pair.side(side.axis, of: whole)
      let others = all.subtracting(side.atoms)
      guard !pair.space.isPossible(result.replacing(side.axis, by: others)) else { continue }
      result =
        all == pair.space.axes[side.axis].all
        ? result.without(side.axis) : result.replacing(side.axis, by: all)
    }
    return result
  }

  /// A request of a box that carries what the box asks for.
  private func example(of box: Box, within whole: Box) -> [(name: String, value: String)] {
    let axes = box.sides.lazy.filter { $0.atoms != whole[$0.axis] }.map(\.axis)
    let shown = box.sides.reduce(into: Box.everything) { shown, side in
      if side.atoms != whole[side.axis] { shown.restrict(side.axis, to: side.atoms) }
    }
    return Witness(in: shown, axes: Array(axes), of: pair.space).pairs
  }
}
