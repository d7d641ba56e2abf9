internal import RatecardModel
internal import RatecardValues

extension Money {
  /// The amount in the currency's smallest unit, such as cents; nil: it has too many digits.
  var inSmallestUnit: Number? {
    Number(
      significand: amount.significand, exponent: amount.exponent + Self.decimals(of: currency))
  }

  /// How many decimals a currency has, by ISO 4217.
  private static func decimals(of currency: String) -> Int {
    switch currency {
    case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND",
      "VUV", "XAF", "XOF", "XPF":
      0
    case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND": 3
    default: 2
    }
  }
}
