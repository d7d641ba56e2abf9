public import RatecardJSON

/// What a card needs at a provider, and what is to be done, or was.
public struct ProvisionPlan: Hashable, Sendable {
  /// Something that is needed.
  public struct Step: Hashable, Sendable {
    /// What is done about it.
    public enum Action: String, Hashable, Sendable {
      /// It is there, and as the card says.
      case keep
      /// It is not there.
      case make
      /// It is there, and differs.
      case change
      /// It is left to whoever keeps the account.
      case leave
      /// It cannot be as the card says.
      case blocked
    }

    /// One thing that differs, or that is said of what is made.
    public struct Change: Hashable, Sendable {
      /// The field's name at the provider.
      public var name: String
      /// What it is; nil: nothing, or there is no object yet.
      public var now: JSONValue?
      /// What it is to be.
      public var wanted: JSONValue
      /// What it is to be in the other reading, as long as nobody says which is meant.
      public var alternative: JSONValue?
    }

    /// What kind of object it is.
    public var kind: ObjectKind
    /// What it is called.
    public var name: String
    /// What is done about it.
    public var action: Action
    /// Its id; nil: it has none yet.
    public var id: String?
    /// What differs, or is said of what is made.
    public var changes: [Change] = []
    /// What else there is to know.
    public var notes: [String] = []
  }

  /// What is needed, in the order in which it is made.
  public var steps: [Step] = []
  /// Whether it must be said how the provider reads the price of overage, before anything is sent.
  public var needsOverageUnit: Bool {
    steps.contains { step in
      [.make, .change].contains(step.action) && step.changes.contains { $0.alternative != nil }
    }
  }

  /// How many steps have an action.
  public func count(_ action: Step.Action) -> Int { steps.count { $0.action == action } }

  /// Whether something is in the way of it.
  public var isBlocked: Bool { count(.blocked) > 0 }
  /// Whether there is anything to do.
  public var isDone: Bool { count(.make) + count(.change) == 0 }
}

/// Why provisioning ended.
public struct ProvisionFailure: Error, Hashable, Sendable {
  /// What went wrong, and what to do.
  public var message: String

  init(_ message: String) { self.message = message }
}
