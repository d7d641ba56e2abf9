import Foundation
import RatecardJSON
import RatecardTestSupport
import Testing

extension ServiceTests {
  /// What is set up at the provider while something happens to who does it.
  struct ProvisioningTests {
    let provider: StandIn
    let folder: CardFolder

    init() throws {
      provider = try StandIn()
      folder = try CardFolder()
      try folder.write(Shop.meter, to: "card/meter.yaml")
    }

    private func count(_ path: String) throws -> Int {
      try JSONValue(parsing: try provider.ask("GET", path))["items"]?.items?.count ?? -1
    }

    private func provision() throws -> Program {
      try Program(
        ["provision", folder.at("card"), "--apply"], environment: provider.environment)
    }

    /// Killed after the provider has made something, and before it is noted; and so at each call.
    @Test(arguments: ["/meters", "/credit-entitlements", "/products"])
    func nothingIsMadeTwice(_ path: String) throws {
      try provider.control(
        "faults", #"{"kind":"silence","method":"POST","path":"\#(path)","times":1,"effect":true}"#)
      let killed = try provision()
      #expect(try isTrue { try count(path) == 1 })
      killed.send(SIGKILL)
      #expect(killed.waitForEnd() == -SIGKILL)
      let whole = try provision()
      #expect(whole.waitForEnd() == 0, "\(whole.lines)")
      #expect(try count("/meters") == 1)
      #expect(try count("/credit-entitlements") == 1)
      #expect(try count("/products") == 2)
    }

    /// A lock is no part of the card, nor does it wake whoever watches the card.
    @Test func aServiceSellsWhatWasJustProvisioned() throws {
      let service = try ServiceProcess(folder, environment: provider.environment)
      let client = service.client()
      let version = try client.get("/v1/ratecard").json["version"]
      let order: JSONValue = ["plan": "pro", "email": "a@example.com"]
      #expect(try client.post("/v1/checkout", order).status == 422, "no such product")
      let provisioning = try provision()
      #expect(provisioning.waitForEnd() == 0, "\(provisioning.lines)")
      #expect(try client.post("/v1/checkout", order).status == 200)
      #expect(try client.get("/v1/ratecard").json["version"] == version)
      #expect(service.log("reloaded").isEmpty)
    }
  }
}
