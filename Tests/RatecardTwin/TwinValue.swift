package import RatecardModel
package import RatecardValues

/// A text as its bytes: what looks alike but is written differently is not equal.
package struct TwinText: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let bytes: [UInt8]
  package init(_ text: String) { bytes = Array(text.utf8) }
  package init(_ text: ExactText) { self.init(text.string) }
  package var description: String { String(decoding: bytes, as: UTF8.self) }
  package static func < (left: TwinText, right: TwinText) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }
}

/// A value of an attribute; absence is nil.
package enum TwinValue: Hashable, Sendable, CustomStringConvertible {
  case text(TwinText)
  case flag(Bool)
  case number(Fraction)
  /// Nanoseconds since 1970.
  case instant(Int128)
  /// The names of the windows that hold.
  case windows([TwinText])

  package init(_ value: Value) {
    self =
      switch value {
      case .text(let text): .text(TwinText(text))
      case .flag(let flag): .flag(flag)
      case .number(let number): .number(Fraction(number))
      case .instant(let instant): .instant(instant.nanoseconds)
      }
  }

  package static func text(_ text: String) -> TwinValue { .text(TwinText(text)) }
  package static func text(_ text: ExactText) -> TwinValue { .text(TwinText(text)) }

  package var text: TwinText? { if case .text(let text) = self { text } else { nil } }
  package var number: Fraction? { if case .number(let number) = self { number } else { nil } }
  package var instant: Int128? { if case .instant(let instant) = self { instant } else { nil } }

  package var description: String {
    switch self {
    case .text(let text): text.description
    case .flag(let flag): "\(flag)"
    case .number(let number): number.description
    case .instant(let nanoseconds):
      Instant(nanoseconds: nanoseconds).map(\.description) ?? "\(nanoseconds) ns"
    case .windows(let names): "\(names)"
    }
  }
}

/// The values that a request carries, by attribute; one that it does not carry is not in it.
package typealias TwinRequest = [AttributeID: TwinValue]
