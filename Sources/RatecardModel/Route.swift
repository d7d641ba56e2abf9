public import RatecardValues

/// What a rule of `routes` says.
public enum RouteOutcome: Hashable, Sendable {
  case route(Route)
  /// A refusal, with its text for the caller.
  case deny(ExactText)
}

/// Where a request goes.
public struct Route: Hashable, Sendable {
  /// A division of the requests over models by weight, sticky by an attribute.
  public struct Split: Hashable, Sendable {
    /// One side of a split.
    public struct Side: Hashable, Sendable {
      /// The model that serves it.
      public let model: ExactText
      /// Its weight, 0 or more; the weights of a split sum to 1 or more.
      public let weight: Int

      /// Makes a side.
      public init(model: ExactText, weight: Int) {
        self.model = model
        self.weight = weight
      }
    }

    /// The attribute whose value decides the side.
    public let by: AttributeID
    /// The sides, sorted by model name.
    public let sides: [Side]

    /// Makes a split.
    public init(by: AttributeID, sides: [Side]) {
      self.by = by
      self.sides = sides
    }
  }

  /// The model that serves it; nil with a split, or to keep the one asked for.
  public let model: ExactText?
  /// The queue; nil: none named.
  public let queue: ExactText?
  /// The models to try next, in this order.
  public let fallbacks: [ExactText]
  /// Scalars handed through to the caller, by name; sorted by name.
  public let parameters: [Parameter]
  /// A division over models; nil: none.
  public let split: Split?

  /// A scalar handed through to the caller.
  public struct Parameter: Hashable, Sendable {
    /// Its name.
    public let name: ExactText
    /// Its value: `true` and `false` are flags and numbers are numbers unless quoted.
    public let value: Value

    /// Makes a parameter.
    public init(name: ExactText, value: Value) {
      self.name = name
      self.value = value
    }
  }

  /// Makes a route.
  public init(
    model: ExactText? = nil, queue: ExactText? = nil, fallbacks: [ExactText] = [],
    parameters: [Parameter] = [], split: Split? = nil
  ) {
    self.model = model
    self.queue = queue
    self.fallbacks = fallbacks
    self.parameters = parameters
    self.split = split
  }
}

/// What a rule of `events` does to a customer.
public struct EventOutcome: Hashable, Sendable {
  /// The tier that becomes `current_tier`; nil: it stays.
  public let tier: ExactText?
  /// A notice for the customer; nil: none.
  public let notify: ExactText?

  /// Makes an outcome.
  public init(tier: ExactText?, notify: ExactText?) {
    self.tier = tier
    self.notify = notify
  }
}
