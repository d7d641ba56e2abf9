import RatecardJSON
import Testing

extension ServiceTests {
  /// What anybody may ask, and the card that answers.
  struct OpenEndpointTests {
    let service: ServiceProcess

    init() throws { service = try ServiceTests.shared() }

    @Test(arguments: ["/healthz", "/readyz", "/openapi.json"])
    func answersInJSON(_ path: String) throws {
      let reply = try service.client().get(path)
      #expect(reply.status == 200)
      #expect(reply["content-type"] == "application/json")
      #expect(reply.json.members != nil)
    }

    @Test(arguments: ["/healthz", "/readyz", "/metrics", "/openapi.json"])
    func aHeadHasNoBody(_ path: String) throws {
      let client = service.client()
      #expect(try client.ask("HEAD", path).status == 200)
      // On the same connection, which a body would have confused.
      #expect(try client.get("/healthz").status == 200)
    }

    @Test func theDescriptionIsOfThisService() throws {
      let document = try service.client().get("/openapi.json").json
      #expect(document["openapi"]?.string?.hasPrefix("3.1.") == true)
      let paths = try #require(document["paths"]?.members)
      #expect(
        Set(paths.map(\.name)) == [
          "/v1/decide", "/v1/price", "/v1/usage", "/v1/customers/{id}", "/v1/checkout",
          "/v1/outbox",
          "/v1/outbox/{event_id}", "/v1/outbox/{event_id}/retry", "/v1/ratecard", "/-/reload",
          "/v1/reservations", "/v1/reservations/{id}", "/v1/reservations/{id}/settle",
          "/webhooks/dodo", "/healthz", "/readyz", "/metrics", "/openapi.json",
        ])
      for path in paths {
        for operation in path.value.members ?? [] where operation.name != "parameters" {
          let name = "\(operation.name) \(path.name)"
          #expect(operation.value["operationId"]?.string != nil, "\(name)")
          #expect(operation.value["responses"]?.members?.isEmpty == false, "\(name)")
        }
      }
    }

    @Test func everyReferenceOfTheDescriptionLeadsSomewhere() throws {
      let document = try service.client().get("/openapi.json").json
      let schemas = Set(document["components"]?["schemas"]?.members?.map(\.name) ?? [])
      let references = Self.references(in: document)
      #expect(!references.isEmpty)
      for reference in references {
        let name = try #require(reference.split(separator: "/").last)
        #expect(reference == "#/components/schemas/\(name)")
        #expect(schemas.contains(String(name)), "\(reference)")
      }
    }

    private static func references(in value: JSONValue) -> [String] {
      let here = value["$ref"]?.string.map { [$0] } ?? []
      let below =
        (value.members?.flatMap { references(in: $0.value) } ?? [])
        + (value.items?.flatMap { references(in: $0) } ?? [])
      return here + below
    }

    @Test func theCardThatAnswersIsNamed() throws {
      let reply = try service.client().get("/v1/ratecard")
      #expect(reply.status == 200)
      #expect(reply.json["name"] == "shop")
      #expect(reply.json["version"]?.string?.count == 64)
      #expect(reply.json["loaded_at"]?.string?.hasSuffix("Z") == true)
      let files = reply.json["files"]?.items?.compactMap(\.string) ?? []
      #expect(
        files.map { $0.split(separator: "/").last } == ["costs.yaml", "shop.yaml", "tiers.yaml"])
      #expect(reply.json["failed_reload"] == nil)
    }
  }
}
