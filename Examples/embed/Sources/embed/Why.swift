import Ratecard

/// An answer with everything that led to it: for support, and for tests of a card.
func askWhy(_ card: RateCard) {
  let explanation = card.explain(["request_type": "agent", "model": "o1", "balance": 0])
  for stage in explanation.stages {
    for candidate in stage.candidates {
      let mark = candidate.rule == stage.winner ? "wins" : "loses"
      let place = "\(candidate.place.path):\(candidate.place.line)"
      print("\(stage.section): \(candidate.rule) \(mark) (\(place))")
    }
  }
  if let price = explanation.steps.last?.total {
    print("in the end \(price)")
  }
}
