import RatecardStore
import RatecardValues
import Testing

@testable import RatecardStore

/// Recording usage: once, whatever the order and the grouping.
struct UsageTests {
  @Test(arguments: Engine.available)
  func isGivenBackAsItWasRecorded(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let store = try place.open()
    for content: UInt8 in 1...3 {
      let event = usage("evt_\(content)", "küñde 🎈", "0.0000000001", content: content)
      #expect(try store.commit([.usage(event)]) == [.recorded(event)])
      #expect(try store.usage(event.id) == event)
    }
    #expect(try store.customer("küñde 🎈")?.pending == number("0.0000000003"))
    let again = try place.open()
    #expect(try again.usage("evt_2") == usage("evt_2", "küñde 🎈", "0.0000000001", content: 2))
  }

  @Test(arguments: Engine.available)
  func countsAnIDOnce(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let store = try place.open()
    let first = usage("a", second: 1)
    let later = usage("a", second: 2)
    let other = usage("a", content: 2, second: 3)
    #expect(
      try store.commit([.usage(first), .usage(later), .usage(other), .usage(usage("b"))])
        == [.recorded(first), .repeated(first), .conflict, .recorded(usage("b"))])
    #expect(
      try store.commit([.usage(other), .usage(usage("b", second: 9)), .usage(later)])
        == [.conflict, .repeated(usage("b")), .repeated(first)])
    #expect(try store.customer("cus_1")?.pending == number("8"))
    #expect(try store.outboxSummary().depth == 2)
  }

  /// Every order of four deliveries, in every grouping.
  @Test(arguments: Engine.available)
  func endsTheSameInEveryOrder(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let store = try place.open()
    for (number, order) in permutations(of: [0, 1, 2, 3]).enumerated() {
      for grouping in 0..<8 {
        let suffix = "\(number)-\(grouping)"
        let events = [
          usage("x\(suffix)", "c\(suffix)", "1.5"), usage("x\(suffix)", "c\(suffix)", "1.5"),
          usage("y\(suffix)", "c\(suffix)", "2"), usage("y\(suffix)", "c\(suffix)", "2"),
        ]
        var group: [Change] = []
        var outcomes: [Outcome] = []
        for (place, index) in order.enumerated() {
          group.append(.usage(events[index]))
          guard place == 3 || grouping >> place & 1 == 1 else { continue }
          outcomes += try store.commit(group)
          group = []
        }
        let recorded = outcomes.count { if case .recorded = $0 { true } else { false } }
        let repeated = outcomes.count { if case .repeated = $0 { true } else { false } }
        #expect((recorded, repeated) == (2, 2))
        #expect(try store.customer("c\(suffix)")?.pending == RatecardStoreTests.number("3.5"))
      }
    }
  }

  @Test(arguments: Engine.available)
  func refusesOneChangeAndMakesTheOthers(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let store = try place.open()
    var late = usage("late")
    late.occurredAt = .latest
    let long = usage("long" + String(repeating: "g", count: 2000))
    let huge = usage("huge", "rich", "1000000000000000001")
    let fine = usage("fine", "rich", "1000000000000000000")
    let outcomes = try store.commit([
      .usage(usage("a")), .usage(late), .usage(long), .usage(usage("b\0")), .usage(huge),
      .usage(fine), .usage(usage("more", "rich", "0.5")), .usage(usage("c", "cus_1", "1")),
      .usage(usage("finer", "cus_1", "0.0000000000000000001")),
    ])
    #expect(
      outcomes == [
        .recorded(usage("a")), .refused(.tooLate), .refused(.tooLong(limit: 1024)),
        .refused(.nulCharacter), .refused(.overflow), .recorded(fine), .refused(.overflow),
        .recorded(usage("c", "cus_1", "1")), .refused(.overflow),
      ])
    #expect(try store.usage("more") == nil)
    #expect(try store.customer("rich")?.pending == number("1000000000000000000"))
    #expect(try store.customer("cus_1")?.pending == number("5"))
    #expect(try store.outboxSummary().depth == 3)
    // What was refused has not taken the id.
    let less = usage("more", "rich", "-0.5", content: 9)
    #expect(try store.commit([.usage(less)]) == [.recorded(less)])
  }

  @Test(arguments: Engine.available)
  func shipsWhatCostsNothingOnlyWhereAsked(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let store = try place.open()
    _ = try store.commit([
      .usage(usage("free", "c", "0", ships: false)), .usage(usage("told", "c", "0")),
      .usage(usage("paid", "c", "1", ships: false)),
    ])
    #expect(try store.outbox().map(\.event.id).sorted() == ["paid", "told"])
    #expect(try store.usage("free")?.credits == .zero)
  }

  @Test(arguments: Engine.available)
  func keepsDeadLettersUntilTheyArePriced(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let store = try place.open()
    #expect(
      try store.commit([
        .deadLetter(deadLetter("a", code: "first", second: 1)),
        .deadLetter(deadLetter("a", code: "third", second: 3)),
        .deadLetter(deadLetter("a", code: "second", second: 2)), .deadLetter(deadLetter("b")),
      ]) == [.done, .done, .done, .done])
    #expect(try store.deadLetter("a") == deadLetter("a", code: "third", second: 3))
    #expect(try store.deadLetters().map(\.value.id) == ["a", "b"])
    #expect(try store.outboxSummary().deadLetters == 2)
    _ = try store.commit([.usage(usage("a"))])
    #expect(try store.deadLetters().map(\.value.id) == ["b"])
    #expect(
      try store.commit([
        .deadLetter(deadLetter("a")), .deadLetter(deadLetter("a", content: 2)),
        .drop(id: "b", at: at(5)), .drop(id: "b", at: at(5)),
      ]) == [.repeated(usage("a")), .conflict, .done, .missing])
    #expect(try store.outboxSummary().deadLetters == 0)
  }
}

func permutations<Element>(of elements: [Element]) -> [[Element]] {
  if elements.count < 2 { return [elements] }
  return elements.indices.flatMap { index in
    var rest = elements
    let first = rest.remove(at: index)
    return permutations(of: rest).map { [first] + $0 }
  }
}
