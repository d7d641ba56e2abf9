public import RatecardValues

/// What was made at the billing provider for a card, in one environment of one business.
///
/// It stands beside the card and is no part of it: ids differ from environment to environment, and
/// what a card means does not.
public struct ProviderLock: Hashable, Sendable {
  /// Where objects were made.
  public enum Environment: String, Hashable, Sendable, CaseIterable {
    /// Where nobody pays.
    case test
    /// Where people pay.
    case live
  }

  /// A plan's product.
  public struct Product: Hashable, Sendable {
    /// The plan.
    public var plan: ExactText
    /// The product's id.
    public var id: String

    /// Makes one.
    public init(plan: ExactText, id: String) {
      self.plan = plan
      self.id = id
    }
  }

  /// Where the objects are.
  public var environment: Environment
  /// The provider's id of whose they are; nil: nothing was made yet.
  public var business: String?
  /// The meter's id.
  public var meter: String?
  /// The credit entitlement's id.
  public var entitlement: String?
  /// The products of plans, by plan.
  public var products: [Product] = []

  /// Makes a lock of nothing.
  public init(environment: Environment) { self.environment = environment }

  /// Sets the product of a plan.
  public mutating func set(product id: String, of plan: ExactText) {
    products.removeAll { $0.plan == plan }
    products.append(Product(plan: plan, id: id))
    products.sort { $0.plan < $1.plan }
  }

  /// Whether it is of an environment; else says so.
  public func check(isOf environment: Environment, path: String) throws(LockFailure) {
    guard self.environment == environment else {
      throw LockFailure(
        "`\(path)` is of the \(self.environment.rawValue) environment, and this is the "
          + "\(environment.rawValue) one; name another file with `--lock`")
    }
  }

  /// Where a card's lock lies unless someone says otherwise.
  public static func path(folder: String, environment: Environment) -> String {
    let folder = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    return "\(folder)/.provider/\(environment.rawValue).lock.yaml"
  }
}
