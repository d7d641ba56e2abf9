import RatecardCompiler
import RatecardModel
import RatecardValues

/// The axes of two cards' requests, cut wherever one of the cards cuts, with what each card reads
/// their atoms as.
///
/// A card's own axes are taken as they are, so that what its conditions mean is not worked out a
/// second time: a request is classified once for both, and its atoms stand for one of each card's.
struct JointAxes {
  private let spaces: Both<Space>
  private let attributes: JointAttributes
  /// Windows of both cards; what `times` speaks of.
  private(set) var windows: [NamedWindow] = []
  private(set) var axes: [Axis] = []
  private(set) var readings = Both<[AxisReading]>([], [])

  init(_ spaces: Both<Space>, _ attributes: JointAttributes) throws(DifferenceFailure) {
    self.spaces = spaces
    self.attributes = attributes
    var models: JointModels?
    for attribute in attributes.all {
      let own = Both(
        ownAxis(attribute, spaces.old, attributes.own[attribute.id.index].old, attributes.ids.old),
        ownAxis(attribute, spaces.new, attributes.own[attribute.id.index].new, attributes.ids.new))
      guard let kind = (own.old.axis ?? own.new.axis)?.domain else { continue }
      switch kind {
      case .texts where [.model, .requestedModel].contains(attribute.id):
        let joint = if let models { models } else { try JointModels(spaces) }
        models = joint
        add(attribute, .texts(joint.domain), own, own.map { $0.atoms(of: joint.domain) })
      case .texts:
        let domain = try texts(own)
        add(attribute, .texts(domain), own, own.map { $0.atoms(of: domain) })
      case .flags:
        add(attribute, .flags, own, own.map { [$0.atom(of: false), $0.atom(of: true)] })
      case .numbers:
        let domain = numbers(own, attribute)
        add(attribute, .numbers(domain), own, own.map { $0.atoms(of: domain) })
      case .times:
        let times = try JointTimes(spaces)
        windows = times.windows
        add(attribute, .times(times.domain), own, times.atoms)
      }
    }
  }

  private func ownAxis(
    _ attribute: Attribute, _ space: Space, _ own: Attribute?, _ ids: [AttributeID]
  ) -> OwnAxis {
    let index = space.axes.firstIndex { ids[$0.attribute.index] == attribute.id }
    let isModel = [.model, .requestedModel].contains(attribute.id)
    let isTaken =
      own == nil && attribute.id.index >= AttributeID.builtInCount
      && space.card.attribute(named: attribute.name) != nil
    return OwnAxis(
      own, index, in: space, isTaken: isTaken,
      names: isModel ? ModelNames(space.card.models) : nil)
  }

  /// Adds an axis with what each card reads its carried atoms as.
  private mutating func add(
    _ attribute: Attribute, _ domain: Axis.Domain, _ own: Both<OwnAxis>, _ carried: Both<[Int?]>
  ) {
    let isAlwaysThere = attribute.defaultValue != nil || attribute.id == .at
    axes.append(Axis(attribute: attribute.id, domain: domain, hasAbsent: !isAlwaysThere))
    func reading(_ own: OwnAxis, _ carried: [Int?]) -> AxisReading {
      AxisReading(
        axis: own.index, atoms: carried + (isAlwaysThere ? [] : [own.atomOfAbsence]))
    }
    readings.old.append(reading(own.old, carried.old))
    readings.new.append(reading(own.new, carried.new))
  }

  private func texts(_ own: Both<OwnAxis>) throws(DifferenceFailure) -> TextDomain {
    var literals: Set<ExactText> = []
    var globs: Set<Glob> = []
    var isOpen = false
    for own in own.list {
      if case .choice(let members)? = own.attribute?.kind {
        literals.formUnion(members)
      } else {
        // Also where the card does not have it: then it admits whatever the other does.
        isOpen = isOpen || own.attribute != nil
      }
      guard case .texts(let texts)? = own.axis?.domain else { continue }
      literals.formUnion(texts.literals)
      globs.formUnion(texts.globs)
    }
    return try TextDomain.joining(literals, globs, isOpen: isOpen)
  }

  private func numbers(_ own: Both<OwnAxis>, _ attribute: Attribute) -> NumberDomain {
    let domains = own.list.compactMap { own -> NumberDomain? in
      guard case .numbers(let numbers)? = own.axis?.domain else { return nil }
      return numbers
    }
    let isInstant = attribute.kind == .instant
    return NumberDomain(
      cuts: domains.flatMap(\.cuts), isInteger: isInstant || attribute.kind == .count,
      lowest: isInstant
        ? Instant.earliest.asNumber : attribute.kind == .number ? nil : .zero,
      highest: isInstant ? Instant.latest.asNumber : nil)
  }
}

extension TextDomain {
  /// The texts that literals and globs tell apart; `isOpen`: others than the literals count.
  static func joining(
    _ literals: Set<ExactText>, _ globs: Set<Glob>, isOpen: Bool
  ) throws(DifferenceFailure) -> TextDomain {
    let globs = globs.sorted { ExactText($0.description) < ExactText($1.description) }
    var rest: [Others] = []
    if isOpen {
      do throws(GlobCombinations.TooMany) {
        rest = RatecardCompiler.others(try GlobCombinations(globs).realizable(excluding: literals))
      } catch {
        throw .tooManyGlobs
      }
    }
    return TextDomain(
      literals: literals.sorted(), globs: globs, others: rest)
  }
}
