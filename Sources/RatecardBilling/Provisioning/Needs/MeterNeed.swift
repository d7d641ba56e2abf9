internal import RatecardJSON
internal import RatecardModel
internal import RatecardValues

/// The meter that adds up what usage costs.
///
/// The provider changes no meter, so another one is needed where the card says otherwise.
struct MeterNeed: Need {
  let event: String
  let property: String
  let unit: String

  init(_ meter: Meter, unit: String) {
    event = meter.event
    property = meter.property
    self.unit = unit
  }

  var kind: ObjectKind { .meter }
  var name: String { event }

  func id(in lock: ProviderLock) -> String? { lock.meter }
  func note(_ id: String, in lock: inout ProviderLock) { lock.meter = id }

  func isSeen(in object: JSONValue) -> Bool {
    let filter = object["filter"]
    return (filter == nil || filter == .null)
      && fields(KnownIDs()).allSatisfy {
        $0.isMet(by: part($0.place, of: object, KnownIDs())?[$0.key])
      }
  }

  func fields(_ ids: KnownIDs) -> [Field] {
    [
      Field(.top, "event_name", .string(event), isFixed: true),
      Field(.aggregation, "type", "sum", isFixed: true),
      Field(.aggregation, "key", .string(property), isFixed: true),
    ]
  }

  func making(_ fields: [Field]) -> JSONValue {
    .object(
      [.init("name", .string(event))] + fields.members(.top) + [
        .init("aggregation", .object(fields.members(.aggregation))),
        .init("measurement_unit", .string(unit)),
      ])
  }

  func changing(_ object: JSONValue, _ differing: [Field], _ ids: KnownIDs) -> JSONValue {
    .object([])
  }

  func part(_ place: Field.Place, of object: JSONValue, _ ids: KnownIDs) -> JSONValue? {
    place == .aggregation ? object["aggregation"] : object
  }
}
