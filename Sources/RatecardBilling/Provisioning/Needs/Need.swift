internal import RatecardJSON
internal import RatecardModel
internal import RatecardValues

/// Something that a card needs at the provider.
protocol Need {
  var kind: ObjectKind { get }
  /// What it is called for whoever reads the plan.
  var name: String { get }
  /// Why it cannot be made, by the card alone; empty: it can.
  var obstacles: [String] { get }
  /// The id that a lock has for it.
  func id(in lock: ProviderLock) -> String?
  /// Notes its id.
  func note(_ id: String, in lock: inout ProviderLock)
  /// The id by which the card itself names it.
  var namedID: String? { get }
  /// Whether an object that nobody has noted is it: one made before a crash.
  func isSeen(in object: JSONValue) -> Bool
  /// What the card says of it.
  func fields(_ ids: KnownIDs) -> [Field]
  /// The body that makes it.
  func making(_ fields: [Field]) -> JSONValue
  /// The body that changes the fields of an object that differ, and nothing else.
  func changing(_ object: JSONValue, _ differing: [Field], _ ids: KnownIDs) -> JSONValue
  /// The part of an object in which fields of a place lie.
  func part(_ place: Field.Place, of object: JSONValue, _ ids: KnownIDs) -> JSONValue?
}

extension Need {
  var namedID: String? { nil }
  var obstacles: [String] { [] }
}

/// Ids of objects that others refer to; nil: they are still to be made.
struct KnownIDs: Hashable, Sendable {
  var meter: String?
  var credits: String?

  /// Stands for an id that is not known yet.
  static let unknown = "(new)"

  /// The id of something that is needed.
  subscript(kind: ObjectKind) -> String? {
    get {
      switch kind {
      case .meter: meter
      case .credits: credits
      case .product: nil
      }
    }
    set {
      switch kind {
      case .meter: meter = newValue
      case .credits: credits = newValue
      case .product: break
      }
    }
  }
}

/// One thing that a card says of an object.
struct Field: Hashable, Sendable {
  /// In what of an object it lies.
  enum Place: String, Hashable, Sendable {
    case top = ""
    case aggregation = "aggregation."
    case price = "price."
    case meters = "meters."
    case credits = "credits."
  }

  var place: Place
  var key: String
  /// What it is to be.
  var wanted: JSONValue
  /// What it may be besides: the same, read in another way.
  var alternative: JSONValue?
  /// Whether the provider cannot change it.
  var isFixed = false

  init(
    _ place: Place, _ key: String, _ wanted: JSONValue, or alternative: JSONValue? = nil,
    isFixed: Bool = false
  ) {
    self.place = place
    self.key = key
    self.wanted = wanted
    self.alternative = alternative
    self.isFixed = isFixed
  }

  /// As it is shown.
  var name: String { place.rawValue + key }

  /// Whether a value is what the card says.
  func isMet(by value: JSONValue?) -> Bool {
    wanted.says(value) || (alternative?.says(value) ?? false)
  }
}

extension [Field] {
  /// The members of one place.
  func members(_ place: Field.Place) -> [JSONValue.Member] {
    filter { $0.place == place }.map { .init($0.key, $0.wanted) }
  }
}

extension JSONValue {
  /// Whether another value says the same: `500`, `"500"` and `"500.0"` do.
  func says(_ other: JSONValue?) -> Bool {
    switch (self, other) {
    case (.number, .number?), (.number, .string?), (.string, .number?): amount == other?.amount
    case (.string(let text), .string(let other)?):
      ExactText(text) == ExactText(other)
        || (JSONValue.string(text).amount.map { $0 == JSONValue.string(other).amount } ?? false)
    case (.bool(let flag), .bool(let other)?): flag == other
    case (.null, nil), (.null, .null?): true
    default: false
    }
  }

  /// This object with members replaced or added, and without those that are null.
  func merging(_ changes: [Member]) -> JSONValue {
    var merged = (members ?? []).filter { member in
      member.value != .null && !changes.contains { ExactText($0.name) == ExactText(member.name) }
    }
    merged += changes
    return .object(merged)
  }

  init(_ number: Number) { self = .number(number.description) }
}
