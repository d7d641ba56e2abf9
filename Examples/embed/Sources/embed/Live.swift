import Ratecard
import RatecardReplay

/// A card that follows its folder: what a server keeps.
func followTheFolder(_ folder: String) throws {
  let live = try LiveRateCard(folder: folder) { change in
    // Told of every change. A broken card is refused, and the last good one goes on answering.
    if case .refused(let report) = change { print("\(report.diagnostics.count) findings") }
  }
  // One card for the whole of a request, however the folder changes meanwhile.
  let card = live.current
  let quote = try card.price(["request_type": "chat", "model": "gpt-4o"])
  print("\(card.name) charges \(quote.outcome)")
  live.stop()
}

/// A card that answers only once its guards are proved and its tests pass.
func followTheFolderCarefully(_ folder: String) throws {
  let live = try LiveRateCard(
    folder: folder, admission: .init(provesGuards: true) { $0.failingTests() },
    lintsAfterwards: true
  ) { change in
    // What else lint finds is told after the swap.
    if case .found(_, let report) = change { print("\(report.diagnostics.count) findings") }
  }
  live.stop()
}
