public import RatecardJSON
public import RatecardValues

/// What can be set up at a provider.
public enum ObjectKind: String, Hashable, Sendable {
  /// What adds usage up.
  case meter
  /// A kind of credits.
  case credits
  /// What is bought.
  case product
}

/// What is set up at a provider, as it says it in JSON.
public protocol ProviderObjects {
  /// Whether somebody is asked; else nothing is said to be there.
  var areAsked: Bool { get }
  /// When the next call may be made.
  func readyAt(_ now: Instant) -> Instant
  /// An object; nil: the provider has none of that id.
  func object(_ kind: ObjectKind, id: String) throws(ProviderFailure) -> JSONValue?
  /// A page of the objects that are neither archived nor deleted; an empty one is behind the last.
  func objects(_ kind: ObjectKind, page: Int) throws(ProviderFailure) -> [JSONValue]
  /// Makes an object, and answers it.
  func make(_ kind: ObjectKind, _ body: JSONValue) throws(ProviderFailure) -> JSONValue
  /// Changes an object.
  func change(_ kind: ObjectKind, id: String, _ body: JSONValue) throws(ProviderFailure)
}

extension ObjectKind {
  /// The path of Dodo Payments' list of them.
  var path: String {
    switch self {
    case .meter: "/meters"
    case .credits: "/credit-entitlements"
    case .product: "/products"
    }
  }

  /// The member that holds an object's id.
  var idName: String { self == .product ? "product_id" : "id" }
}

extension DodoProvider: ProviderObjects {
  private static let pageSize = 100

  /// Always.
  public var areAsked: Bool { true }

  /// `GET /meters/{id}`, and the like.
  public func object(_ kind: ObjectKind, id: String) throws(ProviderFailure) -> JSONValue? {
    let answer = try call(.get, "\(kind.path)/\(Self.escaped(id))", accepting: [404])
    if answer.status == 404 { return nil }
    guard let json = answer.json, json[kind.idName]?.string != nil else {
      throw ProviderFailure(.notTaken, "the answer has no `\(kind.idName)`")
    }
    return json
  }

  /// `GET /meters`, and the like.
  public func objects(_ kind: ObjectKind, page: Int) throws(ProviderFailure) -> [JSONValue] {
    let answer = try call(.get, "\(kind.path)?page_number=\(page)&page_size=\(Self.pageSize)")
    guard let items = answer.json?["items"]?.items else {
      throw ProviderFailure(.notTaken, "the answer has no `items`")
    }
    return items
  }

  /// `POST /meters`, and the like.
  public func make(_ kind: ObjectKind, _ body: JSONValue) throws(ProviderFailure) -> JSONValue {
    let answer = try call(.post, kind.path, Array(body.text().utf8), isRepeatable: false)
    guard let json = answer.json, json[kind.idName]?.string != nil else {
      throw ProviderFailure(.fateUnknown, "the answer has no `\(kind.idName)`")
    }
    return json
  }

  /// `PATCH /products/{id}`, and the like.
  public func change(
    _ kind: ObjectKind, id: String, _ body: JSONValue
  ) throws(ProviderFailure) {
    _ = try call(.patch, "\(kind.path)/\(Self.escaped(id))", Array(body.text().utf8))
  }
}

/// A provider where nothing is set up, and which only writes what would be sent.
public struct LogObjects: ProviderObjects {
  private let write: ([UInt8]) -> Void

  /// Makes one that hands whole lines to `write`.
  public init(write: @escaping ([UInt8]) -> Void) { self.write = write }

  /// Never.
  public var areAsked: Bool { false }

  /// Always at once.
  public func readyAt(_ now: Instant) -> Instant { now }

  /// None.
  public func object(_ kind: ObjectKind, id: String) throws(ProviderFailure) -> JSONValue? { nil }

  /// None.
  public func objects(_ kind: ObjectKind, page: Int) throws(ProviderFailure) -> [JSONValue] { [] }

  /// Writes a line; what is made has the kind's name for an id.
  public func make(_ kind: ObjectKind, _ body: JSONValue) throws(ProviderFailure) -> JSONValue {
    let line: JSONValue = ["make": .string(kind.rawValue), "body": body]
    write(Array((line.text() + "\n").utf8))
    return .object([.init(kind.idName, .string("(\(kind.rawValue))"))])
  }

  /// Never: there is nothing to change.
  public func change(_ kind: ObjectKind, id: String, _ body: JSONValue) throws(ProviderFailure) {}
}
