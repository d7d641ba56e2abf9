import RatecardValues
import Testing

@testable import RatecardStore

/// By which ids the provider knows customers.
struct IdentityTests {
  @Test(arguments: Engine.available)
  func theFirstIDHolds(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let store = try place.open()
    func identify(_ customer: String, _ id: String) throws -> Outcome? {
      try store.commit([.identify(customer: customer, providerID: id)]).first
    }
    #expect(try store.customer(providerID: "cus_1") == nil)
    #expect(try identify("ada", "cus_1") == .done)
    #expect(try identify("ada", "cus_1") == .done, "the same again")
    #expect(try identify("ada", "cus_2") == .conflict, "she has another id")
    #expect(try identify("bob", "cus_1") == .conflict, "the id is hers")
    #expect(try identify("bob", "cus_2") == .done)
    #expect(try identify("é", "cus_3") == .done)
    #expect(try identify("e\u{301}", "cus_4") == .done, "texts are their bytes")
    #expect(try store.customer(providerID: "cus_2") == "bob")
    let ids = try store.providerIDs(of: ["bob", "eve", "ada", "e\u{301}"])
    #expect(ids == ["ada": "cus_1", "bob": "cus_2", ExactText("e\u{301}"): "cus_4"])
    #expect(try store.providerIDs(of: []) == [:])
    let long = String(repeating: "x", count: 1_025)
    #expect(try identify("carl", long) == .refused(.tooLong(limit: 1_024)))
  }
}
