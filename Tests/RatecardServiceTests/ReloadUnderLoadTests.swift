import Foundation
import Ratecard
import RatecardDiagnostics
import RatecardJSON
import Synchronization
import Testing

extension ServiceTests {
  /// While the card changes over and over, no request fails and none is answered by two cards.
  ///
  /// `RATECARD_RELOADS` says how often it changes.
  struct ReloadUnderLoadTests {
    /// A card in whose answers everything tells which card it is.
    private static func files(_ number: Int) -> [(path: String, text: String)] {
      [
        (
          "card.yaml",
          """
          ratecard: 1
          name: card-\(number)
          attributes: {input_tokens: count}

          """
        ),
        ("costs.yaml", "costs: [{name: price-\(number), rates: {input_tokens: \(number)}}]\n"),
        ("tiers.yaml", "tiers: [{tier: tier-\(number)}]\n"),
        ("routes.yaml", "routes: [{name: route-\(number), queue: queue-\(number)}]\n"),
      ]
    }

    /// The version that a card has by the library.
    private static func version(_ number: Int) throws -> String {
      let files = files(number).map { SourceFile(path: $0.path, bytes: Array($0.text.utf8)) }
      return try #require(RateCard.load(files: files).card).version
    }

    /// What is wrong with an answer; nil: it is wholly of the card that it names.
    private static func fault(_ reply: HTTPReply, _ versions: [String]) -> String? {
      guard reply.status == 200, let name = reply.json["ratecard"]?.string,
        let number = Int(name.dropFirst("card-".count)), versions.indices.contains(number)
      else { return reply.text }
      let json = reply.json
      var wanted: [(String, String)] = [
        ("credits", String(number * 3)), ("rule", "price-\(number)"),
        ("version", versions[number]),
      ]
      if json["decision"] != nil {
        wanted += [
          ("tier", "tier-\(number)"), ("route", "route-\(number)"), ("queue", "queue-\(number)"),
        ]
      }
      return wanted.allSatisfy { json[$0.0]?.string == $0.1 } ? nil : reply.text
    }

    @Test func everyAnswerIsOfTheCardThatItNames() throws {
      let changes = ProcessInfo.processInfo.environment["RATECARD_RELOADS"].flatMap { Int($0) }
      let count = changes ?? 200
      let versions = try (0...count).map(Self.version)
      let folder = try CardFolder([:])
      func place(_ number: Int) throws {
        for file in Self.files(number) {
          try folder.write(file.text, to: "card/..\(number)/\(file.path)")
        }
      }
      try place(0)
      try folder.link("card/..data", to: "..0")
      for file in Self.files(0) { try folder.link("card/\(file.path)", to: "..data/\(file.path)") }
      let service = try ServiceProcess(folder)
      let port = service.port

      let isOver = Flag()
      let faults = Mutex<[String]>([])
      let seen = Mutex<Set<String>>([])
      let answers = Atomic<Int>(0)
      let threads = Threads(4) { number in
        let client = ServiceClient(port: port)
        let path = number % 2 == 0 ? "/v1/decide" : "/v1/price"
        let body =
          number % 2 == 0
          ? #"{"input_tokens":3,"model":"m"}"# : #"{"input_tokens":3,"model":"m","tier":null}"#
        while !isOver.isSet {
          let reply = try client.ask("POST", path, body)
          answers.add(1, ordering: .relaxed)
          if let fault = Self.fault(reply, versions) { faults.withLock { $0.append(fault) } }
          if let version = reply.json["version"]?.string {
            seen.withLock { _ = $0.insert(version) }
          }
        }
      }
      let client = service.client()
      for number in 1...count {
        try place(number)
        try folder.swapLink("card/..data", to: "..\(number)")
        // Some changes are left to the watch, which comes upon the others as well.
        guard number % 10 != 0 else {
          #expect(
            try isTrue(within: promptly) {
              try client.get("/v1/ratecard").json["version"]?.string == versions[number]
            }, "\(number)")
          continue
        }
        let reply = try client.post("/-/reload")
        #expect(reply.json["version"]?.string == versions[number], "\(number): \(reply.text)")
        try folder.remove("card/..\(number - 1)")
      }
      isOver.set()
      #expect(threads.join().isEmpty)
      #expect(faults.withLock { Array($0.prefix(3)) }.isEmpty)
      // Otherwise the load was not there while the card changed.
      #expect(answers.load(ordering: .relaxed) > count)
      #expect(seen.withLock { $0.count } > count / 4)
      #expect(service.log("reload_failed").isEmpty)
    }
  }
}
