package import RatecardModel
package import RatecardValues

extension Space {
  /// Which part of a rule's time counts.
  package enum Reading: Sendable {
    /// When the rule holds.
    case holding
    /// As rules are compared: without the ends and beginnings that `replaces` makes.
    case comparing
  }

  /// The boxes of a scope, one an alternative; those that no request can be in are left out.
  package func boxes(_ scope: RuleScope, in section: Section, _ reading: Reading) -> [Box] {
    var boxes: [Box] = []
    for conditions in scope.alternatives {
      let box = box(conditions, of: scope, in: section, reading)
      if let possible = tightened(box), !possible.isEmpty { boxes.append(box) }
    }
    return boxes
  }

  /// The box of some conditions of a scope and of its time, whether or not a request can be in it.
  package func box(
    _ conditions: [Condition], of scope: RuleScope, in section: Section, _ reading: Reading
  ) -> Box {
    var box = Box(sideCapacity: conditions.count + 1)
    for place in conditions.indices {
      let (axis, atoms) = select(conditions[place], in: section)
      if !atoms.isAll(axes[axis].count) { box.restrict(axis, to: atoms) }
    }
    restrictTime(&box, scope, reading)
    return box
  }

  private func restrictTime(_ box: inout Box, _ scope: RuleScope, _ reading: Reading) {
    guard let axis = axis(of: .at, in: .afterRouting), case .times(let times) = axes[axis].domain
    else { return }
    if scope.from != nil || scope.until != nil {
      box.restrict(axis, to: times.atoms(from: scope.from, until: scope.until))
    }
    if reading == .holding, scope.begins != nil || scope.ends != nil {
      box.restrict(axis, to: times.atoms(from: scope.begins, until: scope.ends))
    }
  }

  /// The axis that a condition speaks of and the atoms that satisfy it.
  package func select(_ condition: Condition, in section: Section) -> (axis: Int, atoms: AtomSet) {
    guard let axis = axis(of: condition.attribute, in: section) else {
      preconditionFailure("the space has an axis for every condition it was made from")
    }
    return (axis, select(condition.matcher, condition.attribute, axis))
  }

  private func select(_ matcher: Matcher, _ attribute: AttributeID, _ axis: Int) -> AtomSet {
    switch matcher {
    case .any: return all(axis)
    case .not(let inner): return all(axis).subtracting(select(inner, attribute, axis))
    case .present: return all(axis).subtracting(absent(attribute, axes[axis]))
    case .absent: return absent(attribute, axes[axis])
    case .oneOf(let patterns):
      if patterns.count == 1 { return select(patterns[0], attribute, axis) }
      return patterns.reduce(AtomSet.empty) { $0.union(select($1, attribute, axis)) }
    case .range(let lower, let upper): return select(lower, upper, axes[axis])
    }
  }

  private func absent(_ attribute: AttributeID, _ axis: Axis) -> AtomSet {
    switch (attribute, axis.domain) {
    case (.window, .times(let times)):
      axis.all.subtracting(times.atoms(withAnyOf: .max))
    case (.modelClass, .texts):
      axis.all.subtracting(models { $0 != nil })
    default:
      axis.absent
    }
  }

  private func select(_ pattern: Pattern, _ attribute: AttributeID, _ axis: Int) -> AtomSet {
    if case .texts(let texts) = axes[axis].domain, attribute != .modelClass {
      switch pattern {
      case .value(.text(let text)): return texts.atom(of: text).map { AtomSet(atom: $0) } ?? .empty
      case .glob(let glob): return texts.atoms(matching: glob)
      case .value: break
      }
    }
    return selectOther(pattern, attribute, axes[axis])
  }

  private func selectOther(
    _ pattern: Pattern, _ attribute: AttributeID, _ axis: Axis
  ) -> AtomSet {
    switch (axis.domain, pattern) {
    case (.times(let times), .value(.text(let name))):
      let place = times.windows.firstIndex { card.windows[$0].name == name }
      return place.map { times.atoms(withAnyOf: 1 << UInt64($0)) } ?? .empty
    case (.times(let times), .value(.instant(let instant))):
      return times.atoms(from: instant, until: Instant(nanoseconds: instant.nanoseconds + 1))
    case (.texts, .value(.text(let text))):
      return models { $0 == text }
    case (.texts, .glob(let glob)):
      return models { $0.map { glob.matches($0.string) } ?? false }
    case (.flags, .value(.flag(let flag))):
      return AtomSet(atom: flag ? 1 : 0)
    case (.numbers(let numbers), .value(.number(let number))):
      return numbers.atoms(from: .before(number), to: .after(number))
    case (.numbers(let numbers), .value(.instant(let instant))):
      return numbers.atoms(from: .before(instant.asNumber), to: .after(instant.asNumber))
    default:
      preconditionFailure("the checker lets only patterns of an attribute's kind through")
    }
  }

  private func select(_ lower: Bound?, _ upper: Bound?, _ axis: Axis) -> AtomSet {
    switch axis.domain {
    case .numbers(let numbers):
      return numbers.atoms(from: lower?.asLowerCut, to: upper?.asUpperCut)
    case .times(let times):
      // A cut past the last instant lets nothing begin, and ends nothing.
      if let lower, lower.asLowerCut.asInstant == nil { return .empty }
      return times.atoms(
        from: lower?.asLowerCut.asInstant, until: upper.flatMap { $0.asUpperCut.asInstant })
    case .texts, .flags:
      preconditionFailure("the checker lets ranges stand only on numbers and instants")
    }
  }

  /// The atoms of the models whose class satisfies `condition`; an unlisted model has none.
  private func models(where condition: (ExactText?) -> Bool) -> AtomSet {
    AtomSet(
      ascending: modelClasses.filter { condition($0.name) }.flatMap { Array($0.atoms.atoms) }
        .sorted())
  }
}

/// The models of one class.
struct ModelClass: Sendable {
  /// Nil: the models that have none.
  let name: ExactText?
  /// Their atoms.
  let atoms: AtomSet
}

extension Space {
  static func classes(of texts: TextDomain, _ models: ModelList) -> [ModelClass] {
    let byClass = Dictionary(grouping: texts.literals.indices) { index in
      models.modelClass(of: texts.literals[index])
    }
    return byClass.map { ModelClass(name: $0.key, atoms: AtomSet(ascending: $0.value)) }
  }
}

extension ModelList {
  /// The class of a model's name; nil when it has none or is not listed.
  ///
  /// O(log models).
  package func modelClass(of name: ExactText) -> ExactText? {
    let place = partitionPoint(models.count) { models[$0].name < name }
    return place < models.count && models[place].name == name
      ? models[place].modelClass : nil
  }
}
