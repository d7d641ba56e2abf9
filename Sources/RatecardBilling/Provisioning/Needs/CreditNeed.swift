internal import RatecardJSON
internal import RatecardModel
internal import RatecardValues

/// The kind of credits that a card counts in.
struct CreditNeed: Need {
  private static let unitLimit = 50
  private static let nameLimit = 255

  private let card: String
  private let credit: Credit
  private let terms: CreditTerms

  init(_ card: Card, _ unit: OverageUnit?) {
    self.card = card.name
    credit = card.credit
    terms = CreditTerms(GrantTerms(), over: credit.grant, unit)
  }

  var kind: ObjectKind { .credits }
  var name: String { credit.unit }

  /// The name at the provider, by which it is found again; anybody may change it once it is noted.
  private var title: String { EventWriter.cut("\(card): \(credit.unit)", to: Self.nameLimit) }

  var obstacles: [String] {
    let isLong = credit.unit.unicodeScalars.count > Self.unitLimit
    return terms.obstacles
      + (isLong ? ["the provider's units have at most \(Self.unitLimit) characters"] : [])
  }

  func id(in lock: ProviderLock) -> String? { lock.entitlement }
  func note(_ id: String, in lock: inout ProviderLock) { lock.entitlement = id }

  func isSeen(in object: JSONValue) -> Bool { JSONValue.string(title).says(object["name"]) }

  func fields(_ ids: KnownIDs) -> [Field] {
    [
      Field(.top, "precision", .number(String(credit.decimals)), isFixed: true),
      Field(.top, "unit", .string(credit.unit)),
    ] + terms.fields(.top)
  }

  func making(_ fields: [Field]) -> JSONValue {
    .object([.init("name", .string(title))] + fields.members(.top))
  }

  func changing(_ object: JSONValue, _ differing: [Field], _ ids: KnownIDs) -> JSONValue {
    .object(differing.members(.top))
  }

  func part(_ place: Field.Place, of object: JSONValue, _ ids: KnownIDs) -> JSONValue? { object }
}
