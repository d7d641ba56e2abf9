internal import RatecardModel
internal import Synchronization

/// The version of a card, worked out when it is first asked for.
final class LazyVersion: Sendable {
  private final class Text: Sendable {
    let text: String
    init(_ text: String) { self.text = text }
  }

  private let card: Card
  private let known = AtomicLazyReference<Text>()

  init(of card: Card) { self.card = card }

  /// The version; where several ask at once they may all work it out, and get the same.
  var value: String {
    if let known = known.load() { return known.text }
    return known.storeIfNil(Text(CardVersion.of(card))).text
  }
}
