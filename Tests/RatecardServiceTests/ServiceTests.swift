import Foundation
import Synchronization
import Testing

/// `ratecard serve` held against what it promises, over the network, as a program of its own.
///
/// One test after another, so that few processes run at a time.
@Suite(.serialized, .timeLimit(.minutes(5))) enum ServiceTests {
  /// A service that tests share which leave its card alone.
  ///
  /// They use customers and ids of their own.
  static func shared() throws -> ServiceProcess {
    try held.withLock { held in
      if let held { return held }
      let service = try ServiceProcess(try CardFolder())
      held = service
      atexit { ServiceTests.held.withLock { $0 = nil } }
      return service
    }
  }

  private static let held = Mutex<ServiceProcess?>(nil)
}
