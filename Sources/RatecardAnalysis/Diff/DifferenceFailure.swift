/// Why two cards could not be compared exactly.
public enum DifferenceFailure: Error, Hashable, Sendable {
  /// The globs of both cards combine in too many ways.
  case tooManyGlobs
  /// Both cards together tell more windows apart than can be told apart at once.
  case tooManyWindows(limit: Int)
  /// The rules of a section overlap in too many ways.
  case tooManyOverlaps
  /// Adjustments come to amounts that exact arithmetic does not hold.
  case overflow
}

extension DifferenceFailure: CustomStringConvertible {
  /// The failure in a line.
  public var description: String {
    switch self {
    case .tooManyGlobs: "the globs of both cards combine in too many ways to be told apart"
    case .tooManyWindows(let limit):
      "both cards together tell more than \(limit) windows apart"
    case .tooManyOverlaps: "the rules overlap in too many ways to be compared exactly"
    case .overflow: "adjustments come to amounts with too many digits for exact arithmetic"
    }
  }
}
