import Foundation
import Ratecard
import RatecardModel
import RatecardValues
import Testing

/// The cards of the AI companies answer as the published descriptions of the products say.
@Suite(
  .enabled(if: StatedBilling.file != nil, "../shared/cases/deconstructions.json is not there"))
struct CompanyCardTests {
  /// What the cursor card answers otherwise than the published code, on purpose.
  static let deliberate = ["tab_completion/gpt-4o": Number(0)]

  @Test func cursorRequestsWeighWhatIsStated() throws {
    let card = try loaded("pricing")
    var differing: [String: Number] = [:]
    let cases = try StatedBilling.cases(of: "cursor")
    for entry in cases {
      let pair = try #require(entry["in"] as? [String])
      let stated = Number(try #require(entry["cost"] as? Int))
      let answer = try credits(
        card, ["request_type": .text(pair[0]), "model": .text(pair[1])])
      if answer != stated { differing[pair.joined(separator: "/")] = answer }
    }
    #expect(cases.count == 14)
    #expect(differing == Self.deliberate)
  }

  @Test func cursorPlansGrantWhatIsStated() throws {
    let plans = try loaded("pricing").model.plans
    let stated = try #require(try StatedBilling.company("cursor")["plans"] as? [[String: Any]])
    #expect(plans.count == stated.count)
    for entry in stated {
      let name = try #require(entry["name"] as? String).lowercased()
      let plan = try #require(plans.first { $0.name == ExactText(name) })
      #expect(try plan.price?.amount == Number(parsing: #require(entry["price"] as? String)))
      #expect(plan.credits == Number(try #require(entry["dodo_credits_per_cycle"] as? Int)))
    }
  }

  @Test func openAITokensCostWhatIsStated() throws {
    let card = try loaded("Examples/companies/openai")
    let worth = try Rational(#require(card.model.credit.worth).amount)
    let cases = try StatedBilling.cases(of: "openai")
    #expect(cases.count == 3)
    for entry in cases {
      let cents = try credits(
        card,
        [
          "request_type": "api", "model": .text(#require(entry["model"] as? String)),
          "input_tokens": .number(Number(#require(entry["in"] as? Int))),
          "output_tokens": .number(Number(#require(entry["out"] as? Int))),
        ])
      let dollars = try Rational(cents) * worth
      #expect(try dollars == Rational(Number(parsing: #require(entry["usd"] as? String))))
    }
  }

  @Test func openAITiersChangeWhereStated() throws {
    let card = try loaded("Examples/companies/openai")
    let stated = try #require(
      try StatedBilling.company("openai")["rate_tier_boundaries_cents"] as? [String: String])
    #expect(stated.count == 4)
    for (cents, tier) in stated.sorted(by: { $0.key < $1.key }) {
      let decision = try card.decide([
        "request_type": "api", "model": "gpt-4o", "spent": .number(Number(parsing: cents)),
      ])
      #expect(decision.tier == tier.lowercased(), "\(cents) cents")
    }
  }

  @Test func openAIPacksGrantCents() throws {
    let plans = try loaded("Examples/companies/openai").model.plans
    let packs = try #require(
      try StatedBilling.company("openai")["top_up_packs_usd"] as? [String])
    for dollars in packs {
      let plan = try #require(plans.first { $0.name == ExactText("pack \(dollars)") })
      #expect(try plan.price?.amount == Number(parsing: dollars))
      #expect(try plan.credits == Number(parsing: "\(dollars)00"))
    }
  }

  @Test func elevenLabsInvoicesComeToWhatIsStated() throws {
    let card = try loaded("Examples/companies/elevenlabs")
    var checked = 0
    for entry in try StatedBilling.cases(of: "elevenlabs") {
      guard let name = entry["plan"] as? String, let used = entry["used"] as? Int else { continue }
      checked += 1
      let plan = try #require(
        card.model.plans.first { $0.name == ExactText(name.lowercased()) })
      let granted = try Rational(#require(plan.credits))
      let beyond = try credits(card, ["characters": .number(Number(used))])
      let over = try max(Rational(beyond) - granted, .zero)
      if let invoice = entry["invoice"] as? String {
        var total = try Rational(#require(plan.price).amount)
        if over > .zero {
          total = try total + over * Rational(#require(plan.grant.overage?.rate).amount)
        }
        #expect(try total == Rational(Number(parsing: invoice)), "\(name)")
      } else {
        #expect(over > .zero)
        let decision = try card.decide([
          "plan": .text(name.lowercased()), "balance": 0, "characters": 1,
        ])
        guard case .denied = decision.outcome else {
          Issue.record("\(name) is not stopped")
          continue
        }
      }
    }
    #expect(checked == 3)
  }

  private func credits(
    _ card: RateCard, _ request: [String: RequestValue]
  ) throws -> Number {
    let quote = try card.price(request)
    guard case .priced(let credits) = quote.outcome else {
      throw NotPriced(rule: quote.rule)
    }
    return credits
  }

  private func loaded(_ folder: String) throws -> RateCard {
    let path = Repository.root.appending(path: folder).path
    return try #require(try RateCard.load(folder: path).card, "\(folder) does not load")
  }

  private struct NotPriced: Error { let rule: String }
}

/// The facts of published billing set-ups, which lie beside the checkout.
enum StatedBilling {
  static let file = Repository.shared("cases/deconstructions.json")

  static func company(_ name: String) throws -> [String: Any] {
    let bytes = try Data(contentsOf: #require(file))
    let root = try #require(JSONSerialization.jsonObject(with: bytes) as? [String: Any])
    return try #require(root[name] as? [String: Any])
  }

  static func cases(of name: String) throws -> [[String: Any]] {
    try #require(company(name)["cases"] as? [[String: Any]])
  }
}
