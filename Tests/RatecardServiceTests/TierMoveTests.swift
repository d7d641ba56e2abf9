import Foundation
import Ratecard
import RatecardStore
import RatecardValues
import Synchronization
import Testing

@testable import RatecardService

/// What happens where a customer's move to another tier cannot be kept.
struct TierMoveTests {
  @Test func theAnswerIsRightAndTheLogSaysThatTheMoveIsNotKept() throws {
    let folder = try CardFolder()
    let isFull = Atomic<Bool>(false)
    let store = try Store.open(
      "sqlite:\(folder.at("store.db"))", serving: true,
      faults: { point throws(StoreFailure.Reason) in
        if point == .beforeWrite, isFull.load(ordering: .relaxed) { throw .diskFull }
      })
    _ = try store.commit([
      .customer(
        CustomerChange(
          id: "ann", balance: Known(.zero, at: .present, source: "test"), tier: "premium",
          cause: "test", at: .present))
    ])
    let lines = Mutex<[String]>([])
    let metrics = Metrics()
    let committer = Committer(store: store, metrics: metrics.makeShard()) { _, _ in }
    let committing = ServiceThread { committer.run() }
    let route = DecideRoute(
      live: try LiveRateCard(folder: folder.at("card")), customers: CustomerBook(store: store),
      committer: committer, workers: WorkerPool(threads: 0), threads: ThreadStates(metrics),
      key: Secrets.key([1]),
      log: ServiceLog { line in lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
      })
    isFull.store(true, ordering: .relaxed)
    let exchange = Exchange(
      RequestHead(method: .post, path: "/v1/decide"),
      Target(endpoint: .decide, bodyLimit: 1_000), BodyBudget(bytes: 10_000), began: 0)
    let body = Array(#"{"customer":"ann","request_type":"chat","model":"gpt-4o"}"#.utf8)
    #expect(body.withUnsafeBufferPointer { exchange.append($0) } == nil)
    let isDone = Signal(false)
    guard case .later(let start) = route.decide(exchange) else {
      Issue.record("a move is kept before the answer")
      return
    }
    start(Completion(exchange) { isDone.change { $0 = true } })
    #expect(isDone.wait(milliseconds: 10_000) { $0 ? true : nil } == true)
    #expect(exchange.reply?.status == 200)
    committer.close()
    committing.join()
    let log = lines.withLock { $0 }
    #expect(log.count == 1 && log[0].contains(#""event":"tier_not_kept""#), "\(log)")
    #expect(log[0].contains(#""customer":"ann""#) && log[0].contains("no space is left"))
  }
}
