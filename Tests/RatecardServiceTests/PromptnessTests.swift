import Foundation
import RatecardJSON
import Testing

extension ServiceTests {
  /// A changed folder is seen within a second.
  ///
  /// Other tests keep the processors busy, so that one slow sight of several shows nothing; all of them
  /// do.
  struct PromptnessTests {
    enum Way: CaseIterable {
      case writtenInPlace, renamedOver, linkSwapped
    }

    private static let attempts = 8

    @Test(arguments: Way.allCases)
    func aChangeIsSeenWithinASecond(_ way: Way) throws {
      let folder = try CardFolder(way == .linkSwapped ? [:] : Shop.files)
      func place(_ version: Int) throws {
        for (name, text) in Shop.files { try folder.write(text, to: "card/..\(version)/\(name)") }
        try folder.write(Shop.costs(chat: "\(version)"), to: "card/..\(version)/costs.yaml")
      }
      if way == .linkSwapped {
        try place(1)
        try folder.link("card/..data", to: "..1")
        for name in Shop.files.keys { try folder.link("card/\(name)", to: "..data/\(name)") }
      }
      let service = try ServiceProcess(folder)
      let client = service.client()
      var fastest = Double.infinity
      for version in 2..<(2 + Self.attempts) where fastest >= 1 {
        let text = Shop.costs(chat: "\(version)")
        switch way {
        case .writtenInPlace: try folder.writeInPlace(text, to: "card/costs.yaml")
        case .renamedOver: try folder.write(text, to: "card/costs.yaml")
        case .linkSwapped:
          try place(version)
          try folder.swapLink("card/..data", to: "..\(version)")
        }
        let changed = Date()
        #expect(
          try isTrue {
            try client.post("/v1/price", ["request_type": "chat", "model": "gpt-4o"])
              .json["credits"]?.string == "\(version)"
          }, "\(service.program.lines)")
        fastest = min(fastest, Date().timeIntervalSince(changed))
      }
      #expect(fastest < 1)
    }

    @Test func aBrokenCardIsToldOfWithinASecond() throws {
      let folder = try CardFolder()
      let service = try ServiceProcess(folder)
      var fastest = Double.infinity
      for number in 1...Self.attempts where fastest >= 1 {
        try folder.write("costs: \(number)\n", to: "card/costs.yaml")
        let changed = Date()
        #expect(isTrue { service.log("reload_failed").count >= number })
        fastest = min(fastest, Date().timeIntervalSince(changed))
      }
      #expect(fastest < 1)
    }
  }
}
