import Ratecard
import RatecardStore
import RatecardValues
import Synchronization
import Testing

@testable import RatecardService

/// The cards that usage may name.
struct CardArchiveTests {
  /// A card that answers while the store is full or locked is kept all the same, later.
  @Test func whatTheStoreDidNotTakeIsKeptWhenItDoes() throws {
    let folder = try CardFolder()
    let isFull = FaultSwitch()
    let address = "sqlite:\(folder.at("store.db"))"
    let store = try Store.open(
      address, serving: true,
      faults: { (_: FaultPoint) throws(StoreFailure.Reason) in
        if isFull.isOn { throw .diskFull }
      })
    let archive = CardArchive(store: store)
    let card = try LiveRateCard(folder: folder.at("card")).current
    isFull.isOn = true
    #expect(throws: StoreFailure.self) { try archive.keep(card, at: .present) }
    #expect(throws: StoreFailure.self) { try archive.keepRest() }
    isFull.isOn = false
    #expect(try store.card(card.version) == nil)
    try archive.keepRest()
    #expect(try store.card(card.version)?.files.count == 3)
    let found = try CardArchive(store: store).card(card.version, .many())
    guard case .card(let kept) = found else {
      Issue.record("\(found)")
      return
    }
    #expect(kept.version == card.version)
  }

  private final class FaultSwitch: Sendable {
    private let state = Atomic(false)
    var isOn: Bool {
      get { state.load(ordering: .relaxed) }
      set { state.store(newValue, ordering: .relaxed) }
    }
  }
}
