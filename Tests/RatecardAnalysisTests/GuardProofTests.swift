import Ratecard
import RatecardCompiler
import RatecardDiagnostics
import RatecardModel
import RatecardTestSupport
import RatecardValues
import Testing

@testable import RatecardAnalysis

/// What is proved of random guards is compared with asking a random card all requests of a grid.
@Suite struct GuardProofTests {
  /// How many cards are made.
  static let cards = 250

  @Test func agreesWithAsking() throws {
    var guards = 0
    var undecided = 0
    for seed in 0..<Self.cards {
      let prices = RandomPrices(seed: UInt64(seed))
      guard let world = World(prices) else { continue }
      for (index, item) in prices.guards.enumerated() {
        guards += 1
        let proof = try world.verdict(of: index)
        let counterexample = world.counterexample(to: item)
        switch proof {
        case .proved, .withoutRequests:
          if let counterexample {
            Issue.record(
              "\(prices.text)\nguard \(index) is said to hold, but \(counterexample)")
          }
        case .refuted(let refutation):
          if !world.breaks(refutation, item) {
            let shown = refutation.notes.map(\.message).joined(separator: "; ")
            Issue.record("\(prices.text)\nguard \(index) is said to fail, but \(shown)")
          }
        case .undecided: undecided += 1
        }
      }
    }
    #expect(guards > 350)
    // Giving up has to be rare, or nobody would write guards.
    #expect(undecided * 100 <= guards)
  }

  /// A card that loads, and its answers to all requests of a grid.
  private struct World {
    private let prices: RandomPrices
    private let card: RateCard
    private let sheet: PriceSheet
    private let sets: RuleSets
    private let answers: [[String: String]: Result<Quote.Outcome, RequestError>]

    init?(_ prices: RandomPrices) {
      let sample = Sample(prices.text)
      guard let card = RateCard.load(files: sample.files).card else { return nil }
      var bag = DiagnosticBag()
      guard let model = sample.card(into: &bag),
        let compiled = Compiler.compile(model, into: &bag),
        let sheet = try? PriceSheet(model, compiled.table, compiled.sets, in: compiled.space)
      else { return nil }
      self.prices = prices
      self.card = card
      self.sheet = sheet
      sets = compiled.sets
      var answers: [[String: String]: Result<Quote.Outcome, RequestError>] = [:]
      for request in prices.requests() {
        guard let answer = Self.answer(card, request) else { continue }
        answers[request] = answer
      }
      self.answers = answers
    }

    /// Nil: it is no request at all.
    private static func answer(
      _ card: RateCard, _ request: [String: String]
    ) -> Result<Quote.Outcome, RequestError>? {
      do throws(RequestError) {
        return .success(try card.price(request.mapValues { .text($0) }, at: .earliest).outcome)
      } catch {
        // A missing number at which bands are entered is the price's concern, parts are not.
        let isMissing = error.attribute == "used" && error.code == .invalidRequest
        return error.code == .unpriced || isMissing ? .failure(error) : nil
      }
    }

    func verdict(of index: Int) throws -> GuardProof.Verdict {
      var proof = GuardProof(card.model.guards[index], of: sheet, sets)
      return proof.run()
    }

    private func credits(_ request: [String: String]) -> Number? {
      guard case .success(.priced(let credits))? = answers[request] else { return nil }
      return credits
    }

    /// A request of the grid that breaks a guard, in words.
    func counterexample(to item: RandomPrices.Guard) -> String? {
      for (request, answer) in answers where prices.isMeant(request, item) {
        switch (item.promise, answer) {
        case (.credits(let holds), .success(.priced(let credits))) where !holds(credits):
          return "\(request) costs \(credits)"
        case (.priced, .failure), (.priced, .success(.denied)):
          return "\(request) has no price"
        case (.denied, .failure), (.denied, .success(.priced)):
          return "\(request) is not refused"
        case (.neverDenied, .success(.denied)):
          return "\(request) is refused"
        case (.neverFalls(let attribute), .success(.priced(let credits))):
          for more in increases(of: request, attribute) where prices.isMeant(more, item) {
            guard let other = self.credits(more), other < credits else { continue }
            return "\(request) costs \(credits), and with \(more[attribute] ?? "") \(other)"
          }
        default: break
        }
      }
      return nil
    }

    private func increases(of request: [String: String], _ attribute: String) -> [[String: String]]
    {
      guard let text = request[attribute] ?? prices.defaultValue(of: attribute),
        let value = try? Number(parsing: text)
      else { return [] }
      let all = prices.values.first { $0.attribute == attribute }?.values ?? []
      return all.compactMap { other in
        guard let other, let number = try? Number(parsing: other), value < number,
          attribute == "seconds" || value.adding(.one) == number
        else { return nil }
        var more = request
        more[attribute] = other
        return more
      }
    }

    /// Whether the requests shown really break the guard, when the card is asked.
    func breaks(_ refutation: Refutation, _ item: RandomPrices.Guard) -> Bool {
      let requests = refutation.notes.compactMap { Self.request(in: $0.message) }
      guard let first = requests.first, requests.allSatisfy({ prices.isMeant($0, item) }) else {
        return false
      }
      let answer = Self.answer(card, first)
      switch (item.promise, answer) {
      case (.credits(let holds), .success(.priced(let credits))?): return !holds(credits)
      case (.priced, .failure?), (.priced, .success(.denied)?): return true
      case (.denied, .failure?), (.denied, .success(.priced)?): return true
      case (.neverDenied, .success(.denied)?): return true
      case (.neverFalls(let attribute), .success(.priced(let credits))?):
        guard requests.count == 2,
          case .success(.priced(let other))? = Self.answer(card, requests[1]),
          let less = first[attribute].flatMap({ try? Number(parsing: $0) }),
          let more = requests[1][attribute].flatMap({ try? Number(parsing: $0) }),
          attribute == "seconds" ? less < more : less.adding(.one) == more
        else { return false }
        return other < credits
          && first.filter { $0.key != attribute } == requests[1].filter { $0.key != attribute }
      default: return false
      }
    }

    /// The request that a note begins with.
    private static func request(in note: String) -> [String: String]? {
      for end in [" costs ", " is refused ", " has no price"] {
        guard let range = note.firstRange(of: end) else { continue }
        let words = note[..<range.lowerBound]
        if words == "a request that carries nothing" { return [:] }
        return Dictionary(
          uniqueKeysWithValues: words.split(separator: " ").map { word in
            let parts = word.split(separator: "=", maxSplits: 1)
            return (String(parts[0]), String(parts.last ?? ""))
          })
      }
      return nil
    }
  }
}
