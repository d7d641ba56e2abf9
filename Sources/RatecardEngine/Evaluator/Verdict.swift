public import RatecardValues

extension Evaluator {
  /// The whole answer, as places in the card: as small as what a function hands back in registers.
  public struct Verdict: BitwiseCopyable, Sendable {
    /// The rule of `tiers`; -1: none holds.
    public var tierRule: Int32
    /// The rule of `routes`; -1: none holds.
    public var routeRule: Int32
    /// The rule of `costs`; -1: the route refuses, -2: this is no answer.
    public var costRule: Int32
    /// The side of the route's models that serves, above the lowest eight bits, which have the exponent
    /// of the credits.
    public private(set) var packed: Int32
    /// The significand of the credits.
    public private(set) var significand: Int128

    /// The exponent of no credits; those of numbers are nearer to 0.
    private static var noCredits: Int32 { -128 }

    /// Makes a verdict without credits.
    @inline(__always)
    init(tierRule: Int32, routeRule: Int32, costRule: Int32 = -1, side: Int32 = -1) {
      (self.tierRule, self.routeRule, self.costRule) = (tierRule, routeRule, costRule)
      packed = side &<< 8 | Self.noCredits & 0xFF
      significand = 0
    }

    /// Puts a verdict together of its words.
    @inline(__always)
    public init(
      tierRule: Int32, routeRule: Int32, costRule: Int32, packed: Int32, significand: Int128
    ) {
      (self.tierRule, self.routeRule, self.costRule) = (tierRule, routeRule, costRule)
      (self.packed, self.significand) = (packed, significand)
    }

    /// What stands for an answer that is still to be found.
    public static var open: Verdict { Verdict(tierRule: -1, routeRule: -1, costRule: -2) }

    /// Whether it is no answer yet.
    public var isOpen: Bool { costRule == -2 }

    /// The side of the route's models that serves; -1: the model asked for.
    public var side: Int32 { packed >> 8 }

    /// The credits; nil: a rule refuses.
    public var credits: Number? {
      let exponent = Int(Int8(truncatingIfNeeded: packed))
      return exponent == Int(Self.noCredits)
        ? nil : Number(canonicalSignificand: significand, exponent: exponent)
    }

    /// Gives it the credits.
    @inline(__always)
    mutating func setCredits(_ significand: Int128, exponent: Int) {
      self.significand = significand
      packed = packed & ~0xFF | Int32(truncatingIfNeeded: exponent) & 0xFF
    }
  }
}
