import Foundation
import RatecardJSON
import Testing

extension ServiceTests {
  /// What it needs to start.
  struct StartTests {
    @Test func itSaysWhereItListensAndWithWhat() throws {
      let folder = try CardFolder()
      let service = try ServiceProcess(folder)
      let started = try #require(service.log("started").first)
      #expect(started["level"] == "info")
      #expect(started["address"]?.string == "127.0.0.1:\(service.port)")
      #expect(started["store"]?.string == "sqlite:\(folder.at("store.db"))")
      #expect(started["ratecard"] == "shop")
      #expect(started["version"] == (try service.client().get("/v1/ratecard").json["version"]))
    }

    @Test func everyLineOfTheLogIsAnObject() throws {
      let folder = try CardFolder()
      let service = try ServiceProcess(folder, log: "debug")
      _ = try service.client().ask("GET", "/healthz", headers: ["X-Request-Id: mine"])
      _ = try service.client().get("/v1/nothing\"\\")
      #expect(service.stop() == 0)
      #expect(service.log.count == service.program.lines.count)
      for line in service.log {
        #expect(line["at"]?.string?.hasSuffix("Z") == true)
        #expect(line["level"]?.string != nil)
        #expect(line["event"]?.string != nil)
      }
      let request = try #require(
        service.log("request").first { $0["request_id"] == "mine" })
      #expect(request["status"] == 200)
      #expect(
        service.log("request").allSatisfy { $0["request_id"]?.string?.isEmpty == false })
    }

    @Test func aCardWithErrorsDoesNotStart() throws {
      let folder = try CardFolder()
      try folder.write("costs: [{name: a, credits: -1}]\n", to: "card/costs.yaml")
      let program = try Program(ServiceProcess.arguments(folder))
      #expect(program.waitForEnd() == 1)
      #expect(program.lines.contains { $0.contains("costs.yaml:1:") }, "\(program.lines)")
    }

    @Test(arguments: ["", "with space", "line\n", "t\u{F6}ken"])
    func aTokenThatNobodyCanShowDoesNotStart(_ token: String) throws {
      let folder = try CardFolder()
      let program = try Program(
        ServiceProcess.arguments(folder), environment: ["RATECARD_API_TOKEN": token])
      #expect(program.waitForEnd() == 2)
      #expect(!program.lines.contains { !token.isEmpty && $0.contains(token) })
    }

    @Test func aFolderThatIsNotThereDoesNotStart() throws {
      let folder = try CardFolder([:])
      let program = try Program(ServiceProcess.arguments(folder))
      #expect(program.waitForEnd() == 3)
      #expect(!program.lines.isEmpty)
    }

    @Test func anAddressInUseDoesNotStart() throws {
      let port = try ServiceTests.shared().port
      let folder = try CardFolder()
      let program = try Program(ServiceProcess.arguments(folder, listen: "127.0.0.1:\(port)"))
      #expect(program.waitForEnd() == 3)
      #expect(program.lines.contains { $0.contains("127.0.0.1:\(port)") })
    }

    @Test(arguments: ["no database, whatever its name says", String(repeating: "x", count: 9_000)])
    func aFileThatIsNoStoreIsLeftAlone(_ content: String) throws {
      let folder = try CardFolder()
      try folder.write(content, to: "store.db")
      let program = try Program(ServiceProcess.arguments(folder))
      #expect(program.waitForEnd() == 3)
      #expect(program.lines.contains { $0.contains("store.db") }, "\(program.lines)")
      #expect(try folder.text("store.db") == content)
    }
  }
}
