internal import RatecardDiagnostics
internal import RatecardEngine
internal import RatecardModel
internal import RatecardValues

/// The words for what the engine and the readers of values find wrong.
extension RequestError {
  init(_ problem: Request.Problem, _ card: Card) {
    switch problem {
    case .notInSet(let place, let text):
      let attribute = card.attributes[place]
      var members: [String] = []
      let kind = attribute.id == .requestedModel ? card[.model].kind : attribute.kind
      if case .choice(let all) = kind { members = all.map(\.string) }
      let near = Suggestion.closest(to: text, among: members)
      let list = members.prefix(8).map { "`\($0)`" }.joined(separator: ", ")
      let help =
        near.map { "did you mean `\($0)`?" }
        ?? (members.isEmpty
          ? "it has no values" : "it is one of \(list)\(members.count > 8 ? ", …" : "")")
      self.init(
        .invalidRequest, "`\(text)` is not a value of `\(attribute.name)`",
        attribute: attribute.name, help: help)
    case .wrongKind(let place):
      let attribute = card.attributes[place]
      if attribute.origin == .derived {
        self = .derived(attribute)
      } else {
        self.init(
          .invalidRequest, "`\(attribute.name)` is \(attribute.kind.words)",
          attribute: attribute.name, help: "give it such a value")
      }
    case .outOfRange(let place):
      let attribute = card.attributes[place]
      self.init(
        .invalidRequest, "`\(attribute.name)` is \(attribute.kind.words)",
        attribute: attribute.name, help: "give it such a value")
    case .partsExceedWhole(let place):
      let whole = card.attributes[place]
      let parts = card.attributes.filter { $0.partOf == whole.id }.map { "`\($0.name)`" }
      self.init(
        .invalidRequest,
        "\(parts.joined(separator: " and ")) \(parts.count == 1 ? "is" : "together are") more than "
          + "`\(whole.name)`, of which \(parts.count == 1 ? "it is a part" : "they are parts")",
        attribute: whole.name, help: "`\(whole.name)` counts everything, its parts included")
    case .tierMissing:
      self.init(
        .invalidRequest, "the costs of this card look at `tier`, and none is given",
        attribute: "tier", help: "give the tier that the decision found")
    case .foundByDecision(let place): self = .outcome(card.attributes[place])
    case .overflow(let place):
      self.init(
        .overflow, "`\(card.attributes[place].name)` is too large or too fine for exact arithmetic",
        attribute: card.attributes[place].name)
    }
  }

  init(_ failure: Evaluator.Failure, _ card: Card) {
    switch failure {
    case .unpriced:
      self.init(
        .unpriced, "no rule of `costs` holds for this request",
        help: "`ratecard explain` shows which rules come near")
    case .pastLastBand(let place):
      self.init(
        .unpriced, "`\(card.attributes[place].name)` lies past the last band of its rate",
        attribute: card.attributes[place].name,
        help: "give the last band no bound, or add a band")
    case .afterMissing(let place):
      let name = card.attributes[place].name
      self.init(
        .invalidRequest, "the bands of this price are entered at `\(name)`, which is not given",
        attribute: name, help: "send it, or declare a `default` for it")
    case .overflow:
      self.init(.overflow, "the exact amount is too large or too fine to be held")
    }
  }

  static func unknown(_ name: String, _ card: Card) -> RequestError {
    let known = card.attributes.filter { $0.origin == .builtIn || $0.origin == .declared }
    let near = Suggestion.closest(to: name, among: known.map(\.name))
    return RequestError(
      .invalidRequest, "`\(name)` is not an attribute of this card", attribute: name,
      help: near.map { "did you mean `\($0)`?" } ?? "declare it under `attributes:`")
  }

  static func derived(_ attribute: Attribute) -> RequestError {
    RequestError(
      .invalidRequest, "`\(attribute.name)` is worked out and cannot be given",
      attribute: attribute.name, help: "leave it out")
  }

  static func outcome(_ attribute: Attribute) -> RequestError {
    let help =
      attribute.id == .tier
      ? "give `current_tier`, or ask for the price alone"
      : "give `model`, or ask for the price alone"
    return RequestError(
      .invalidRequest, "`\(attribute.name)` is what a decision finds and cannot be given",
      attribute: attribute.name, help: help)
  }

  static func wrongText(_ attribute: Attribute, _ text: String, _ wanted: String) -> RequestError {
    RequestError(
      .invalidRequest, "`\(text)` is no value of `\(attribute.name)`", attribute: attribute.name,
      help: "write \(wanted)")
  }

  static func number(
    _ attribute: Attribute, _ text: String, _ failure: Number.Failure
  ) -> RequestError {
    let why =
      switch failure {
      case .malformed(let reason): reason
      case .tooManyDigits: "a number has at most 60 digits on either side of the point"
      case .exponentOutOfRange: "an exponent lies within ±60"
      case .tooPrecise: "a number has at most 38 significant digits"
      }
    return RequestError(
      .invalidRequest,
      "`\(text)` is no value of `\(attribute.name)`, which is "
        + attribute.kind.words, attribute: attribute.name, help: why)
  }

  static func instant(
    _ attribute: Attribute, _ text: String, _ failure: Instant.Failure
  ) -> RequestError {
    let why =
      switch failure {
      case .malformed(let reason): reason
      case .outOfRange: "instants lie between 1970 and 9999"
      }
    return RequestError(
      .invalidRequest, "`\(text)` is no value of `\(attribute.name)`, which is an instant",
      attribute: attribute.name, help: why)
  }
}

extension Attribute.Kind {
  /// What values it takes, after "is": "text", "an integer, 0 or more".
  var words: String {
    switch self {
    case .text, .choice: "text"
    case .flag: "`true` or `false`"
    case .count: "an integer, 0 or more"
    case .quantity: "a number, 0 or more"
    case .number: "a number"
    case .instant: "an instant, such as 2026-12-01T00:00:00Z"
    case .windows: "worked out"
    }
  }
}
