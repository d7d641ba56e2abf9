import RatecardCompiler
import RatecardModel

/// Requests that two cards answer differently, all in the same way: before they are put into words.
struct DifferingRequests {
  let answers: Both<RuleAnswer>
  /// Disjoint.
  let boxes: [Box]
  /// What need not be said of the boxes, since it holds for all that is compared.
  let whole: Box
}

/// Compares what the rules of one section say, for all requests.
struct SectionComparison {
  private let pair: CardPair
  private let section: PairedSection

  init(_ section: PairedSection, of pair: CardPair) {
    self.pair = pair
    self.section = section
  }

  /// The requests that get another answer.
  ///
  /// Requests that both cards admit come first, then those that only one of them does.
  func differing() throws(DifferenceFailure) -> [DifferingRequests] {
    try amongCommonRequests() + ExclusiveRequests(section, of: pair).differing()
  }

  private func amongCommonRequests() throws(DifferenceFailure) -> [DifferingRequests] {
    let suspects = Suspects(section.sets, in: pair).boxes
    if suspects.isEmpty { return [] }
    var partition = AnswerPartition(pair.space, section.sets.list)
    var found = OrderedGroups<Both<RuleAnswer>>()
    for piece in try partition.pieces(of: pair.common, suspects: suspects) {
      let answers = Both(section.answer(piece.answers[0]), section.answer(piece.answers[1]))
      if answers.old != answers.new { found.add(piece.box, to: answers) }
    }
    return found.map { DifferingRequests(answers: $0, boxes: $1, whole: pair.common) }
  }
}

/// Boxes by what they have in common, in the order in which that was first seen.
struct OrderedGroups<Key: Hashable> {
  private var places: [Key: Int] = [:]
  private var groups: [(key: Key, boxes: [Box])] = []

  mutating func add(_ box: Box, to key: Key) {
    if let place = places[key] {
      groups[place].boxes.append(box)
    } else {
      places[key] = groups.count
      groups.append((key, [box]))
    }
  }

  func map<Result>(_ transform: (Key, [Box]) -> Result) -> [Result] {
    groups.map { transform($0.key, $0.boxes) }
  }
}
