internal import RatecardDiagnostics
internal import RatecardJSON
internal import RatecardSyntax
internal import RatecardValues

/// A lock that cannot be used.
public struct LockFailure: Error, Hashable, Sendable {
  /// What is wrong, and what to do.
  public var message: String

  init(_ message: String) { self.message = message }
}

extension ProviderLock {
  private static let version = "1"
  private static let provider = "dodo"

  /// Reads a lock as it is stored; `path` is for what is said of it.
  public init(parsing bytes: [UInt8], path: String) throws(LockFailure) {
    var bag = DiagnosticBag()
    let file = SourceFile(path: path, bytes: bytes)
    let tree = Tree.parse(file, as: FileID(0), into: &bag)
    if let mistake = bag.sorted.first(where: { $0.severity == .error }) {
      throw LockFailure("`\(path)` is no lock: \(mistake.message)")
    }
    var texts: [String: String] = [:]
    var products: [Product] = []
    for entry in tree?.root.map({ Array($0.entries) }) ?? [] {
      let key = entry.key.text
      if key == "products" {
        for product in entry.value.entries {
          products.append(Product(plan: ExactText(product.key.text), id: product.value.text))
        }
      } else {
        guard ["lock", "provider", "environment", "business", "meter", "credits"].contains(key),
          entry.value.kind == .scalar, !entry.value.isMissing
        else { throw LockFailure("`\(path)` is no lock: nothing is known of its `\(key)`") }
        texts[key] = entry.value.text
      }
    }
    guard texts["lock"] == Self.version, texts["provider"] == Self.provider,
      let environment = texts["environment"].flatMap(Environment.init)
    else {
      throw LockFailure(
        "`\(path)` is no lock of this version: it wants `lock: \(Self.version)`, "
          + "`provider: \(Self.provider)` and an `environment` of test or live")
    }
    self.init(environment: environment)
    business = texts["business"]
    meter = texts["meter"]
    entitlement = texts["credits"]
    for product in products { set(product: product.id, of: product.plan) }
  }

  /// As it is stored.
  public var yaml: String {
    var lines = [
      "# Made by `ratecard provision`: what the card has at the billing provider. Keep it.",
      "lock: \(Self.version)", "provider: \(Self.provider)",
      "environment: \(environment.rawValue)",
    ]
    if let business { lines.append("business: \(Self.scalar(business))") }
    if let meter { lines.append("meter: \(Self.scalar(meter))") }
    if let entitlement { lines.append("credits: \(Self.scalar(entitlement))") }
    if !products.isEmpty { lines.append("products:") }
    for product in products {
      lines.append("  \(Self.scalar(product.plan.string)): \(Self.scalar(product.id))")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A text as YAML: as it is where it begins with a letter and holds nothing special.
  private static func scalar(_ text: String) -> String {
    let isPlain =
      text.utf8.first.map { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A } ?? false
      && text.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "-"),
          UInt8(ascii: "+"), UInt8(ascii: "."):
          true
        default: false
        }
      }
    // A JSON string is YAML too.
    return isPlain ? text : JSONValue.string(text).text()
  }
}
