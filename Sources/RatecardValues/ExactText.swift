/// A text that equals only the same bytes, as the language compares texts.
///
/// Swift's `String` takes canonically equivalent texts for one: `é` as one character and as `e` with
/// an accent. Globs and the order of names go by bytes, so literals have to as well.
@frozen
public struct ExactText: Hashable, Sendable {
  /// The text.
  public let string: String

  /// Wraps a text.
  @inlinable
  public init(_ string: String) { self.string = string }

  /// Whether both texts are the same bytes.
  ///
  /// O(length).
  @inlinable
  public static func == (left: ExactText, right: ExactText) -> Bool {
    left.string.utf8.elementsEqual(right.string.utf8)
  }

  /// Hashes the bytes.
  ///
  /// O(length).
  @inlinable
  public func hash(into hasher: inout Hasher) {
    var string = string
    string.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}
