import RatecardModel
import RatecardValues

/// One request for every way in which a request can answer some questions: representative values
/// of each attribute, or of attributes that depend on each other together, and their product.
package struct Universe {
  /// The number of requests.
  package let count: Int
  private let groups: [Group]

  /// Attributes whose values depend on each other.
  private struct Group {
    var questions: Set<Question> = []
    /// Values of the group's attributes, one for each way to answer its questions.
    var values: [TwinRequest] = []
    /// For each of `values`, the questions that it satisfies.
    var satisfied: [Set<Question>] = []
  }

  /// Why there is no universe.
  package struct TooLarge: Error {}

  /// Makes the requests that tell the rules of a section apart.
  package init(
    _ questions: Set<Question>, of twin: TwinCard, servesRequestedModel: Bool, limit: Int
  ) throws {
    let representatives = Representatives(twin, questions, servesRequestedModel)
    var groups: [AttributeID: Group] = [:]
    for question in questions {
      let key = representatives.group(of: question.attribute)
      groups[key, default: Group()].questions.insert(question)
    }
    var total = 1
    for (key, var group) in groups {
      var seen: Set<Set<Question>> = []
      for values in representatives.values(of: key) {
        let satisfied = group.questions.filter { $0.holds(for: values) }
        guard seen.insert(satisfied).inserted else { continue }
        group.values.append(values)
        group.satisfied.append(satisfied)
      }
      groups[key] = group
      total *= group.values.count
      if total > limit { throw TooLarge() }
    }
    self.groups = groups.sorted { $0.key < $1.key }.map(\.value)
    count = total
  }

  /// The attributes of a request that any question looks at.
  package func request(_ number: Int) -> TwinRequest {
    places(number).reduce(into: [:]) { request, place in
      request.merge(groups[place.group].values[place.value]) { $1 }
    }
  }

  /// For each request whether it satisfies one of some lists of questions wholly.
  package func holds(_ alternatives: [[Question]]) -> [Bool] {
    var result = [Bool](repeating: false, count: count)
    for questions in alternatives {
      // By group: which of its values satisfy the questions that concern the group.
      let fits = groups.map { group in
        let asked = questions.filter(group.questions.contains)
        return group.satisfied.map { satisfied in asked.allSatisfy(satisfied.contains) }
      }
      for number in 0..<count where !result[number] {
        var rest = number
        result[number] = fits.allSatisfy { fit in
          let place = rest % fit.count
          rest /= fit.count
          return fit[place]
        }
      }
    }
    return result
  }

  private func places(_ number: Int) -> [(group: Int, value: Int)] {
    var rest = number
    return groups.indices.map { index in
      let place = rest % groups[index].values.count
      rest /= groups[index].values.count
      return (index, place)
    }
  }
}

/// Values that tell the questions about an attribute apart.
struct Representatives {
  private let twin: TwinCard
  private let questions: Set<Question>
  /// Whether `model` and `requested_model` are two things (costs) or one.
  private let servesRequestedModel: Bool

  init(_ twin: TwinCard, _ questions: Set<Question>, _ servesRequestedModel: Bool) {
    self.twin = twin
    self.questions = questions
    self.servesRequestedModel = servesRequestedModel
  }

  /// The attribute that stands for all those which an attribute depends on.
  func group(of attribute: AttributeID) -> AttributeID {
    switch attribute {
    case .window: return .at
    case .modelClass: return .model
    case .requestedModel: return .model
    default: break
    }
    var top = attribute
    while let whole = twin.card[top].partOf { top = whole }
    return top
  }

  /// Combinations of values of a group, each one admissible.
  func values(of group: AttributeID) -> [TwinRequest] {
    switch group {
    case .at: return instants().map { twin.withWindows([.at: .instant($0)]) }
    case .model:
      let looksAtBoth =
        servesRequestedModel && questions.contains { $0.attribute == .requestedModel }
      let models = texts([.model, .requestedModel], isModel: true)
      let unasked = looksAtBoth ? twin.unaskedModels : []
      return (models + unasked.sorted().map { $0 }).flatMap { model in
        (looksAtBoth ? models : [model]).compactMap { asked in
          // A model serves without being asked for only where a route gives it.
          if let model, asked == nil, !unasked.contains(model) { return nil }
          var request: TwinRequest = [:]
          request[.model] = model.map { .text($0) }
          request[.requestedModel] = asked.map { .text($0) }
          request[.modelClass] = model.flatMap(twin.modelClass).map { .text($0) }
          return request
        }
      }
    default:
      let members = Set(questions.map(\.attribute)).filter { self.group(of: $0) == group }
      if members == [group] {
        return single(group).map { value in value.map { [group: $0] } ?? [:] }
      }
      return PartTree(twin.card, members: members, samples: numbers) { id, left, right in
        questions.allSatisfy { question in
          question.attribute != id
            || question.holds(for: [id: .number(left)]) == question.holds(for: [id: .number(right)])
        }
      }.combinations()
    }
  }

  private func single(_ id: AttributeID) -> [TwinValue?] {
    let attribute = twin.card[id]
    let isAlwaysThere = attribute.defaultValue != nil || id == .event
    let absent: [TwinValue?] = isAlwaysThere ? [] : [nil]
    switch attribute.kind {
    case .flag: return absent + [.flag(true), .flag(false)]
    case .choice(let texts): return absent + texts.map { .text($0) }
    case .text:
      return texts([id], isModel: false).filter { $0 != nil || !isAlwaysThere }
        .map { $0.map { .text($0) } }
    case .count, .quantity, .number: return absent + numbers(id).map { .number($0) }
    case .instant:
      return absent + (bounds(id).compactMap(\.instant) + [0]).flatMap(around).map { .instant($0) }
    case .windows: preconditionFailure("window belongs to at")
    }
  }

  /// The values that the questions about an attribute name.
  private func bounds(_ id: AttributeID) -> [TwinValue] {
    func values(_ matcher: Matcher) -> [TwinValue] {
      switch matcher {
      case .any, .present, .absent: []
      case .oneOf(let patterns):
        patterns.compactMap { if case .value(let value) = $0 { TwinValue(value) } else { nil } }
      case .range(let lower, let upper):
        [lower, upper].compactMap { $0.map { TwinValue($0.value) } }
      case .not(let inner): values(inner)
      }
    }
    return questions.filter { $0.attribute == id }.flatMap { question in
      switch question.kind {
      case .condition(_, let matcher): values(matcher)
      case .within(let from, let until):
        [from, until].compactMap { $0.map { TwinValue.instant($0) } }
      }
    }
  }

  /// Numbers at, just below and just above every bound, and far from all of them, sorted.
  func numbers(_ id: AttributeID) -> [Fraction] {
    let kind = twin.card[id].kind
    let least = Fraction(.one, over: .powerOfTen(70))
    var numbers: Set<Fraction> = [.zero, .one]
    for bound in bounds(id).compactMap(\.number) {
      if kind == .count {
        numbers.formUnion([bound.floor - .one, bound.floor, bound.floor + .one])
        numbers.formUnion([bound.ceiling, bound.ceiling + .one])
      } else {
        numbers.formUnion([bound - .one, bound - least, bound, bound + least, bound + .one])
      }
    }
    if kind == .number { numbers.insert(Fraction.zero - .one) }
    return numbers.filter { kind == .number || $0 >= .zero }.sorted()
  }

  private func instants() -> [Int128] {
    let named = bounds(.at).compactMap(\.instant)
    let looksAtWindows = questions.contains { $0.attribute == .window }
    let changes = looksAtWindows ? twin.windowChanges.flatMap { [$0 - 1, $0] } : []
    return Set(named.flatMap(around) + around(0) + changes).sorted()
  }

  private func around(_ instant: Int128) -> [Int128] {
    let last = Instant.latest.nanoseconds
    return [instant - 1, instant, instant + 1, 0, last].filter { (0...last).contains($0) }
  }

  /// One text for each way to match the patterns of some attributes, and absence.
  private func texts(_ ids: Set<AttributeID>, isModel: Bool) -> [TwinText?] {
    func patterns(_ matcher: Matcher) -> [Stars] {
      switch matcher {
      case .oneOf(let patterns): patterns.map(Stars.init)
      case .not(let inner): patterns(inner)
      default: []
      }
    }
    var all: Set<Stars> = []
    for case .condition(let id, let matcher) in questions.map(\.kind) where ids.contains(id) {
      all.formUnion(patterns(matcher))
    }
    if isModel { all.formUnion(twin.modelPatterns) }
    let declared = ids.map { twin.card[$0] }
    var texts = sampleTexts(Array(all))
    if isModel { texts = texts.map(twin.canonicalModel) }
    for case .choice(let closed) in declared.map(\.kind) { texts = closed.map { TwinText($0) } }
    let isAlwaysThere = declared.contains { $0.defaultValue != nil }
    return (isAlwaysThere ? [] : [nil]) + Array(Set(texts)).sorted().map { $0 }
  }
}

extension Stars {
  init(_ pattern: Pattern) {
    switch pattern {
    case .glob(let glob): self.init(glob)
    case .value(let value): self.init(literal: TwinValue(value).text ?? TwinText(""))
    }
  }
}
