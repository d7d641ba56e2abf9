public import RatecardJSON

/// Why a file is no price list.
public enum PriceListFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// It is no JSON document.
  case malformed(JSONFailure)
  /// It is one, but not of the shape that the list has; where, and what belongs there.
  case otherShape(place: String, expected: String)
  /// It holds no model with a price.
  case empty

  /// The reason in words: lower case, without a full stop.
  public var description: String {
    switch self {
    case .malformed(let failure): "\(failure)"
    case .otherShape(let place, let expected): "\(place) is not \(expected)"
    case .empty: "no model in it has a price"
    }
  }
}

/// Why a model of a list is not imported.
struct SkippedModel: Error {
  let reason: SkipReason
  /// What stands where an amount belongs, for the comment.
  let detail: String
}
