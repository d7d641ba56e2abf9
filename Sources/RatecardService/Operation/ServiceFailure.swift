internal import Glibc

/// Why the service does not start.
package enum ServiceFailure: Error, CustomStringConvertible {
  /// No such host.
  case unknownHost(ListenAddress)
  /// The system's error number for an address.
  case cannotListen(ListenAddress, Int32)
  /// An address that others reach, and no token for them to show.
  case unprotected(ListenAddress)

  package var description: String {
    switch self {
    case .unknownHost(let address): "there is no host `\(address.host)` to listen on"
    case .cannotListen(let address, let number):
      "cannot listen on \(address): \(String(cString: strerror(number)))"
    case .unprotected(let address):
      "\(address) can be reached from other machines, and RATECARD_API_TOKEN is not set"
    }
  }
}
