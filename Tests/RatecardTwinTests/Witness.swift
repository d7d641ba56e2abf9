import RatecardDiagnostics
import RatecardTwin

/// The request that the loader shows of an ambiguous card.
enum Witness {
  /// Why a request that is shown is not ambiguous under the twin; nil: it is.
  static func problem(_ errors: [Diagnostic], _ twin: Twin) -> String? { nil }
}
