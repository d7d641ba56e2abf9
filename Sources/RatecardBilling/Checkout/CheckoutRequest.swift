public import Ratecard
internal import RatecardDiagnostics
internal import RatecardModel
internal import RatecardValues

/// What someone wants to buy, as it is asked for.
public struct CheckoutRequest: Hashable, Sendable {
  /// The plan's name.
  public var plan: String
  /// The buyer's address; nil: the provider knows `customer`.
  public var email: String?
  /// The buyer's name.
  public var name: String?
  /// The id by which usage names the buyer; nil: the provider's, whatever that will be.
  public var customer: String?
  /// Where the buyer's browser goes afterwards.
  public var returnURL: String?
  /// How many seats, where the plan's price is for each.
  public var seats: Int?

  /// Asks for a plan.
  public init(
    plan: String, email: String? = nil, name: String? = nil, customer: String? = nil,
    returnURL: String? = nil, seats: Int? = nil
  ) {
    self.plan = plan
    self.email = email
    self.name = name
    self.customer = customer
    self.returnURL = returnURL
    self.seats = seats
  }

  /// The most seats of a session.
  public static let seatLimit = 10_000
  /// The bytes of a customer's id.
  private static let customerLimit = 200
  private static let emailLimit = 320
  private static let nameLimit = 255
  private static let urlLimit = 2_048

  /// The order, of a buyer whom the provider need not know yet.
  func order(_ card: RateCard, _ products: PlanProducts) throws(CheckoutFailure) -> CheckoutOrder {
    do throws(RequestError) { try check() } catch { throw .request(error) }
    let plans = card.model.plans
    guard let plan = plans.first(where: { $0.name == ExactText(plan) }) else {
      let names = plans.map(\.name.string)
      let closest = Suggestion.closest(to: self.plan, among: names)
      let list = names.isEmpty ? "it has none" : "its plans are \(names.joined(separator: ", "))"
      throw .request(
        RequestError(
          .invalidRequest, "`\(self.plan)` is not a plan of the card", attribute: "plan",
          help: closest.map { "did you mean `\($0)`?" } ?? list))
    }
    guard seats == nil || plan.isPerSeat else {
      throw .request(
        RequestError(
          .invalidRequest, "plan `\(plan.name)` is not priced per seat", attribute: "seats"))
    }
    guard let product = products.product(of: plan.name) else {
      throw .noProduct(
        "plan `\(plan.name)` has no product at the billing provider: run `ratecard provision "
          + "--apply`, or name its `product` in the card")
    }
    return CheckoutOrder(
      product: product, quantity: seats ?? 1, buyer: .email(email ?? "", name: name),
      returnURL: returnURL)
  }

  private func check() throws(RequestError) {
    guard email != nil || customer != nil else {
      throw RequestError(
        .invalidRequest, "nobody is said to buy", attribute: "email",
        help: "give an `email`, or a `customer` whom the provider knows")
    }
    if let email {
      let parts = email.split(separator: "@", omittingEmptySubsequences: false)
      guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }), isWord(email, Self.emailLimit)
      else {
        throw RequestError(
          .invalidRequest, "`\(shown(email))` is no e-mail address", attribute: "email")
      }
    }
    if let name, name.isEmpty || !isLine(name, Self.nameLimit) {
      throw RequestError(
        .invalidRequest, "`name` is a line of at most \(Self.nameLimit) bytes", attribute: "name")
    }
    if let customer, customer.isEmpty || !isLine(customer, Self.customerLimit) {
      throw RequestError(
        .invalidRequest, "this cannot be a customer's id", attribute: "customer")
    }
    if let returnURL {
      let hasScheme = ["https://", "http://"].contains {
        returnURL.hasPrefix($0) && returnURL.utf8.count > $0.utf8.count
      }
      guard hasScheme, isWord(returnURL, Self.urlLimit) else {
        throw RequestError(
          .invalidRequest, "`\(shown(returnURL))` is no address to return to",
          attribute: "return_url", help: "write one that begins with https://")
      }
    }
    if let seats, !(1...Self.seatLimit).contains(seats) {
      throw RequestError(
        .invalidRequest, "`seats` is a number from 1 to \(Self.seatLimit)", attribute: "seats")
    }
  }

  private func isLine(_ text: String, _ limit: Int) -> Bool {
    text.utf8.count <= limit && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
  }

  private func isWord(_ text: String, _ limit: Int) -> Bool {
    isLine(text, limit) && !text.utf8.contains(0x20)
  }

  private func shown(_ text: String) -> String {
    text.utf8.count <= 100 ? text : String(text.prefix(100)) + "…"
  }
}

/// Why there is no session.
public enum CheckoutFailure: Error, Hashable, Sendable {
  /// What was asked for makes no sense.
  case request(RequestError)
  /// The plan has no product at the provider; what to do.
  case noProduct(String)
  /// The provider; see `ProviderFailure.advice`.
  case provider(ProviderFailure)
}
