import Foundation
import RatecardJSON
import Testing

extension ServiceTests {
  /// The card follows its folder, however that changes, and the last good one goes on.
  struct ReloadTests {
    let folder: CardFolder
    let service: ServiceProcess
    let client: ServiceClient

    init() throws {
      folder = try CardFolder()
      service = try ServiceProcess(folder)
      client = service.client()
    }

    /// What a chat on gpt-4o costs now.
    private func price() throws -> String? {
      try client.post("/v1/price", ["request_type": "chat", "model": "gpt-4o"])
        .json["credits"]?.string
    }

    /// Makes a change, and expects to see the price within a second of it.
    private func expect(
      _ price: String, sourceLocation: SourceLocation = #_sourceLocation,
      after change: () throws -> Void
    ) throws {
      try change()
      let changed = Date()
      let isSeen = try isTrue { try self.price() == price }
      let seconds = Date().timeIntervalSince(changed)
      #expect(isSeen, "\(service.program.lines)", sourceLocation: sourceLocation)
      #expect(seconds < promptly, sourceLocation: sourceLocation)
    }

    /// Expects that the last failure is over within a second.
    ///
    /// The card may answer before it is reported.
    private func expectNoFailure(sourceLocation: SourceLocation = #_sourceLocation) throws {
      #expect(
        try isTrue(within: promptly) {
          try client.get("/v1/ratecard").json["failed_reload"] == nil
        },
        sourceLocation: sourceLocation)
    }

    /// Makes a change, and expects to hear within a second that it is no card.
    private func expectRefusal(
      sourceLocation: SourceLocation = #_sourceLocation, after change: () throws -> Void
    ) throws -> JSONValue {
      let before = service.log("reload_failed").count
      try change()
      let changed = Date()
      let isTold = isTrue { service.log("reload_failed").count > before }
      let seconds = Date().timeIntervalSince(changed)
      #expect(isTold, "\(service.program.lines)", sourceLocation: sourceLocation)
      #expect(seconds < promptly, sourceLocation: sourceLocation)
      let shown = try client.get("/v1/ratecard").json["failed_reload"]
      return try #require(shown, sourceLocation: sourceLocation)
    }

    @Test func aFileWrittenInPlace() throws {
      for price in ["2", "3"] {
        try expect(price) {
          try folder.writeInPlace(Shop.costs(chat: price), to: "card/costs.yaml")
        }
      }
    }

    @Test func aFileRenamedOver() throws {
      for price in ["2", "3"] {
        try expect(price) { try folder.write(Shop.costs(chat: price), to: "card/costs.yaml") }
      }
    }

    @Test func aFileHalfWrittenAndFinishedLater() throws {
      let text = Shop.costs(chat: "2")
      // In the middle of a bracket, so that the first half is no YAML.
      let cut = try #require(text.range(of: "gpt-4o-mini: 0.5"))
      _ = try expectRefusal {
        try folder.writeInPlace(String(text[..<cut.lowerBound]), to: "card/costs.yaml")
      }
      #expect(try price() == "1")
      try expect("2") { try folder.append(String(text[cut.lowerBound...]), to: "card/costs.yaml") }
      try expectNoFailure()
    }

    @Test func severalFilesOneAfterAnother() throws {
      // Each alone makes a card that cannot be: the model is named before and after it is known.
      try expect("2") {
        try folder.write(
          Shop.costs(chat: "2").replacing("o1", with: "o3"), to: "card/costs.yaml")
        try folder.write(Shop.header.replacing("o1", with: "o3"), to: "card/shop.yaml")
      }
      try expectNoFailure()
    }

    @Test func filesThatComeAndGo() throws {
      try expect("9") {
        try folder.write(
          """
          costs:
            - name: dear
              when: {request_type: chat, model: gpt-4o, balance: absent}
              overrides: [weights, long chats]
              credits: 9
          """, to: "card/further/down/dear.yaml")
      }
      try expect("1") { try folder.remove("card/further") }
    }

    @Test func aFolderDeletedAndMadeAnew() throws {
      _ = try expectRefusal { try folder.remove("card") }
      #expect(try price() == "1")
      try expect("2") {
        for (name, text) in Shop.files { try folder.write(text, to: "card/\(name)") }
        try folder.write(Shop.costs(chat: "2"), to: "card/costs.yaml")
      }
      // The new folder is watched like the old one.
      try expect("3") {
        try folder.writeInPlace(Shop.costs(chat: "3"), to: "card/costs.yaml")
      }
    }

    @Test func aCardWithErrors() throws {
      let version = try client.get("/v1/ratecard").json["version"]
      let failure = try expectRefusal {
        try folder.write(
          Shop.costs(chat: "2").replacing("gpt-4o-mini: 2", with: "gpt-4o-mni: 2"),
          to: "card/costs.yaml")
      }
      #expect(failure["at"]?.string?.hasSuffix("Z") == true)
      let diagnostic = try #require(failure["diagnostics"]?.items?.first)
      #expect(diagnostic["severity"] == "error")
      #expect(diagnostic["file"]?.string?.hasSuffix("costs.yaml") == true)
      #expect(diagnostic["line"] == 7)
      #expect(diagnostic["message"]?.string?.contains("`gpt-4o-mni`") == true)
      let logged = try #require(service.log("reload_failed").last)
      #expect(logged["level"] == "error")
      #expect(logged["diagnostics"]?.items?.first?["code"] == diagnostic["code"])
      #expect(try price() == "1")
      let shown = try client.get("/v1/ratecard").json
      #expect(shown["version"] == version)
      let metrics = try client.metrics()
      #expect(metrics.value("ratecard_last_reload_successful") == 0)
      #expect(metrics.value("ratecard_reloads_total", ["result": "refused"]) == 1)

      try expect("2") { try folder.write(Shop.costs(chat: "2"), to: "card/costs.yaml") }
      try expectNoFailure()
      #expect(isTrue(within: promptly) { service.log("reloaded").count == 1 })
      #expect(try client.metrics().value("ratecard_last_reload_successful") == 1)
      #expect(try client.metrics().value("ratecard_reloads_total", ["result": "loaded"]) == 1)
    }

    @Test func aBrokenCardThatIsUndoneIsNoFailureAnyMore() throws {
      _ = try expectRefusal { try folder.write("costs: 17\n", to: "card/costs.yaml") }
      try folder.write(Shop.costs, to: "card/costs.yaml")
      try expectNoFailure()
    }

    @Test func aCardThatBreaksItsGuards() throws {
      try folder.write(
        "guards: [{name: chats are cheap, when: {request_type: chat}, credits: {at_most: 100}}]\n",
        to: "card/guards.yaml")
      try client.post("/-/reload").expect(422)
      try folder.write(
        "guards: [{name: agents cost, when: {request_type: agent}, credits: {at_least: 1}}]\n",
        to: "card/guards.yaml")
      try expectNoFailure()
      let failure = try expectRefusal {
        try folder.write(
          Shop.costs(chat: "2").replacing("gpt-4o-mini: 2", with: "gpt-4o-mini: 0.5"),
          to: "card/costs.yaml")
      }
      #expect(failure["diagnostics"]?.items?.isEmpty == false)
      #expect(try price() == "1")
    }

    @Test
    func aCardThatFailsItsTests() throws {
      let failure = try expectRefusal {
        try folder.write(
          """
          tests:
            - name: chats are free
              price: {request_type: chat, model: gpt-4o}
              expect: {credits: 0}
          """, to: "card/tests.yaml")
      }
      #expect(failure["diagnostics"] != nil || failure["message"] != nil)
      #expect(try price() == "1")
    }

    @Test func aSignal() throws {
      try folder.write(Shop.costs(chat: "2"), to: "card/costs.yaml")
      service.program.send(SIGHUP)
      #expect(try isTrue(within: promptly) { try price() == "2" })
      // It reads the folder even where nothing changed.
      #expect(isTrue { !service.log("reloaded").isEmpty })
      let before = service.log("reloaded").count
      service.program.send(SIGHUP)
      #expect(isTrue { service.log("reloaded").count > before })
    }

    @Test func aRequest() throws {
      try folder.write(Shop.costs(chat: "2"), to: "card/costs.yaml")
      let reply = try client.post("/-/reload")
      #expect(reply.status == 200)
      #expect(reply.json["name"] == "shop")
      #expect(try price() == "2")
      #expect(reply.json["version"] == (try client.get("/v1/ratecard").json["version"]))
      try folder.write("costs: [{name: a, credits: -1}]\n", to: "card/costs.yaml")
      let refused = try client.post("/-/reload")
      #expect(refused.status == 422)
      #expect(refused.errorCode != nil)
      #expect(refused.errorMessage?.isEmpty == false)
      let diagnostics = refused.json["error"]?["diagnostics"]?.items
      #expect(diagnostics?.first?["file"]?.string?.hasSuffix("costs.yaml") == true)
      #expect(try price() == "2")
      try folder.remove("card")
      let unreadable = try client.post("/-/reload")
      #expect(unreadable.status == 422)
      #expect(unreadable.errorMessage?.isEmpty == false)
      #expect(try price() == "2")
    }
  }

  struct ForbiddenFileTests {
    @Test(.enabled(if: Program.withoutRights != nil, "root reads every file"))
    func aFileThatMayNotBeRead() throws {
      let folder = try CardFolder()
      let wrapper = try #require(Program.withoutRights)
      let service = try ServiceProcess(folder, below: wrapper)
      let client = service.client()
      func permit(_ permissions: Int) throws {
        try FileManager.default.setAttributes(
          [.posixPermissions: permissions], ofItemAtPath: folder.at("card/costs.yaml"))
      }
      func price() throws -> String? {
        try client.post("/v1/price", ["request_type": "chat", "model": "gpt-4o"])
          .json["credits"]?.string
      }
      try permit(0)
      #expect(isTrue(within: promptly) { !service.log("reload_failed").isEmpty })
      let failure = try #require(try client.get("/v1/ratecard").json["failed_reload"])
      #expect(failure["message"]?.string?.contains("costs.yaml") == true)
      #expect(try price() == "1")
      try permit(0o644)
      #expect(
        try isTrue(within: promptly) { try client.get("/v1/ratecard").json["failed_reload"] == nil }
      )
      try folder.write(Shop.costs(chat: "2"), to: "card/costs.yaml")
      #expect(try isTrue(within: promptly) { try price() == "2" })
    }
  }

  /// Whoever tries the shipped card changes a price, and breaks the file.
  struct NewcomerTests {
    /// The shipped card's files, by their paths.
    private static func shipped() throws -> [String: String] {
      let root = URL(filePath: #filePath).appending(path: "../../../pricing").standardized
      var files: [String: String] = [:]
      for name in try FileManager.default.subpathsOfDirectory(atPath: root.path)
      where name.hasSuffix(".yaml") {
        files[name] = try String(contentsOf: root.appending(path: name), encoding: .utf8)
      }
      return files
    }

    @Test func theNextDecisionHasTheNewPrice() throws {
      let files = try Self.shipped()
      let costs = try #require(files["costs.yaml"])
      let folder = try CardFolder(files)
      let service = try ServiceProcess(folder)
      let client = service.client()
      func price() throws -> String? {
        try client.post(
          "/v1/decide", ["request_type": "agent", "model": "o1", "balance": 120]
        ).json["credits"]?.string
      }
      #expect(try price() == "10")
      let dearer = costs.replacing("claude-sonnet: 10", with: "claude-sonnet: 12")
      try folder.write(dearer, to: "card/costs.yaml")
      #expect(try isTrue(within: promptly) { try price() == "12" }, "\(service.program.lines)")
      #expect(service.log("reload_failed").isEmpty)

      try folder.write(
        dearer.replacing("claude-sonnet: 12", with: "claude-sonnet: ["), to: "card/costs.yaml")
      #expect(isTrue(within: promptly) { !service.log("reload_failed").isEmpty })
      let told = try #require(service.log("reload_failed").first)
      #expect(told["message"]?.string?.contains("costs.yaml:") == true, "\(told)")
      #expect(try price() == "12")
    }
  }

  /// Folders of symbolic links.
  struct LinkedFolderTests {
    private func expect(_ price: String, _ client: ServiceClient) throws {
      #expect(
        try isTrue(within: promptly) {
          try client.post("/v1/price", ["request_type": "chat", "model": "gpt-4o"])
            .json["credits"]?.string == price
        })
    }

    /// A ConfigMap: files link into `..data`, which links to a folder of a name that is never used
    /// again.
    @Test func aConfigMap() throws {
      let folder = try CardFolder([:])
      for version in 1...4 {
        for (name, text) in Shop.files { try folder.write(text, to: "card/..\(version)/\(name)") }
        try folder.write(
          Shop.costs(chat: String(version)), to: "card/..\(version)/costs.yaml")
      }
      try folder.link("card/..data", to: "..1")
      for name in Shop.files.keys { try folder.link("card/\(name)", to: "..data/\(name)") }
      let client = try ServiceProcess(folder).client()
      try expect("1", client)
      for version in 2...4 {
        try folder.swapLink("card/..data", to: "..\(version)")
        try folder.remove("card/..\(version - 1)")
        try expect(String(version), client)
      }
    }

    @Test func aFolderThatIsALink() throws {
      let folder = try CardFolder([:])
      for version in 1...3 {
        for (name, text) in Shop.files { try folder.write(text, to: "v\(version)/\(name)") }
        try folder.write(Shop.costs(chat: String(version)), to: "v\(version)/costs.yaml")
      }
      try folder.link("card", to: "v1")
      let client = try ServiceProcess(folder).client()
      try expect("1", client)
      for version in 2...3 {
        try folder.swapLink("card", to: "v\(version)")
        try expect(String(version), client)
      }
      try folder.writeInPlace(Shop.costs(chat: "17"), to: "v3/costs.yaml")
      try expect("17", client)
    }
  }
}
