internal import RatecardJSON
public import RatecardModel
internal import RatecardValues

/// Sets up what a card needs at a provider: looks what is there, and makes or changes the rest.
///
/// Nothing is made twice. What was made is noted in a lock at once; and what a crash kept from being
/// noted is found by what it bears: a meter by what it adds up, credits by their name, products by
/// their metadata. Nothing is ever deleted or archived.
public struct Provisioner {
  /// What a card leaves open.
  public struct Options: Hashable, Sendable {
    /// In which unit the provider reads the price of overage; nil: nobody has said.
    public var overageUnit: OverageUnit?
    /// The tax category of products that are made.
    public var taxCategory: String

    /// Makes options.
    public init(overageUnit: OverageUnit? = nil, taxCategory: String = "saas") {
      self.overageUnit = overageUnit
      self.taxCategory = taxCategory
    }
  }

  private let objects: any ProviderObjects
  private let caller: PatientCaller
  private let card: Card
  private let needs: [any Need]

  /// The most pages of a list that are looked through.
  private static let pageLimit = 1_000

  /// Makes one for a card.
  public init(
    _ objects: any ProviderObjects, world: PatientCaller.World, card: Card, options: Options
  ) {
    self.objects = objects
    // Limits are waited for: the account has them for a minute.
    caller = PatientCaller(world: world, patienceMilliseconds: 120_000)
    self.card = card
    var needs: [any Need] = []
    let plans = card.plans.filter { ProductNeed.reasonToLeave($0, of: card) == nil }
    if let meter = card.meter { needs.append(MeterNeed(meter, unit: card.credit.unit)) }
    if card.meter != nil || plans.contains(where: { $0.credits != nil }) {
      needs.append(CreditNeed(card, options.overageUnit))
    }
    for plan in plans {
      needs.append(
        ProductNeed(
          plan, of: card, taxCategory: options.taxCategory, options.overageUnit))
    }
    self.needs = needs
  }

  /// What is to be done, by what is there; changes nothing.
  public func plan(_ lock: ProviderLock) throws(ProvisionFailure) -> ProvisionPlan {
    var lock = lock
    return try run(&lock, applying: nil)
  }

  /// Does what is to be done, and notes each thing by `keep` before the next; answers what was done.
  ///
  /// The plan must neither be blocked nor need to know the unit of overage.
  public func apply(
    _ lock: ProviderLock, keep: @escaping (ProviderLock) throws(LockFailure) -> Void
  ) throws(ProvisionFailure) -> ProvisionPlan {
    var lock = lock
    return try run(&lock, applying: keep)
  }

  private func run(
    _ lock: inout ProviderLock, applying keep: ((ProviderLock) throws(LockFailure) -> Void)?
  ) throws(ProvisionFailure) -> ProvisionPlan {
    var plan = ProvisionPlan()
    var ids = KnownIDs()
    for need in needs {
      var found = try find(need, lock)
      var step = self.step(need, found, ids)
      let twin = plan.steps.first { $0.id != nil && $0.kind == step.kind && $0.id == step.id }
      if let twin {
        step.action = .blocked
        step.notes.append("it is the \(need.kind.rawValue) of `\(twin.name)` already")
      }
      if let keep {
        if step.action == .make {
          let made = try call("make", need, isRepeatable: false) { () throws(ProviderFailure) in
            try objects.make(need.kind, need.making(need.fields(ids)))
          }
          found.object = made
          step.id = made[need.kind.idName]?.string
        } else if step.action == .change, let object = found.object, let id = step.id {
          let body = need.changing(object, differing(need, need.fields(ids), object, ids), ids)
          // A change that is made twice is the same change.
          try call("change", need, isRepeatable: true) { () throws(ProviderFailure) in
            try objects.change(need.kind, id: id, body)
          }
        }
        try note(step, found.object, need, &lock, keep)
      }
      ids[need.kind] = step.id
      plan.steps.append(step)
    }
    plan.steps += leftSteps(lock)
    return plan
  }

  /// Notes the id of what is there now.
  private func note(
    _ step: ProvisionPlan.Step, _ object: JSONValue?, _ need: any Need, _ lock: inout ProviderLock,
    _ keep: (ProviderLock) throws(LockFailure) -> Void
  ) throws(ProvisionFailure) {
    guard let id = step.id else { return }
    let before = lock
    need.note(id, in: &lock)
    lock.business = lock.business ?? object?["business_id"]?.string
    guard lock != before else { return }
    do throws(LockFailure) { try keep(lock) } catch {
      throw ProvisionFailure(
        "\(error.message); what was made is found again, so run this again once that is possible")
    }
  }

  /// An object that was found, and what is to be said of that.
  private struct Found {
    var object: JSONValue?
    var note: String?
  }

  private func find(_ need: any Need, _ lock: ProviderLock) throws(ProvisionFailure) -> Found {
    var note: String?
    if let id = need.id(in: lock) {
      let object = try call("look at", need, isRepeatable: true) { () throws(ProviderFailure) in
        try objects.object(need.kind, id: id)
      }
      guard let object else {
        throw ProvisionFailure(
          "the provider has no \(need.kind.rawValue) `\(id)`, which the lock names: the lock is of "
            + "another business, or somebody deleted it; check the key, or take the id out of the "
            + "lock to have another one made")
      }
      try checkBusiness(object, lock)
      // A meter cannot change, so one that adds up something else is no longer the card's.
      if need.kind != .meter || need.isSeen(in: object) { return Found(object: object) }
      note = "`\(id)`, which counts otherwise, stays as it is"
    }
    if objects.areAsked, let id = need.namedID {
      let object = try call("look at", need, isRepeatable: true) { () throws(ProviderFailure) in
        try objects.object(need.kind, id: id)
      }
      if let object {
        try checkBusiness(object, lock)
        return Found(object: object)
      }
      note = "the card's `\(id)` is not there"
    }
    for page in 0..<Self.pageLimit {
      let items = try call("look for", need, isRepeatable: true) { () throws(ProviderFailure) in
        try objects.objects(need.kind, page: page)
      }
      if items.isEmpty { break }
      guard let item = items.first(where: { need.isSeen(in: $0) }) else { continue }
      try checkBusiness(item, lock)
      guard need.kind == .product, let id = item[need.kind.idName]?.string else {
        return Found(object: item)
      }
      // A list tells less of a product.
      let object = try call("look at", need, isRepeatable: true) { () throws(ProviderFailure) in
        try objects.object(need.kind, id: id)
      }
      return Found(object: object)
    }
    return Found(object: nil, note: note)
  }

  private func checkBusiness(
    _ object: JSONValue, _ lock: ProviderLock
  ) throws(ProvisionFailure) {
    guard let known = lock.business, let business = object["business_id"]?.string,
      ExactText(known) != ExactText(business)
    else { return }
    throw ProvisionFailure(
      "the lock is of business `\(known)`, and the key of `\(business)`: use the other key, or "
        + "name another lock with `--lock`")
  }

  private func step(_ need: any Need, _ found: Found, _ ids: KnownIDs) -> ProvisionPlan.Step {
    let fields = need.fields(ids)
    var step = ProvisionPlan.Step(kind: need.kind, name: need.name, action: .keep)
    step.notes = found.note.map { [$0] } ?? []
    guard let object = found.object else {
      step.action = need.obstacles.isEmpty ? .make : .blocked
      step.changes = fields.map {
        .init(name: $0.name, now: nil, wanted: $0.wanted, alternative: $0.alternative)
      }
      step.notes += need.obstacles
      return step
    }
    step.id = object[need.kind.idName]?.string
    let differing = differing(need, fields, object, ids)
    guard !differing.isEmpty || !need.obstacles.isEmpty else { return step }
    step.changes = differing.map { field in
      .init(
        name: field.name, now: need.part(field.place, of: object, ids)?[field.key],
        wanted: field.wanted, alternative: field.alternative)
    }
    step.notes += need.obstacles
    let fixed = differing.filter(\.isFixed)
    for field in fixed {
      step.notes.append(
        "the provider cannot change `\(field.name)`; to have another \(need.kind.rawValue) made, "
          + "take this one's id out of the lock, and archive or rename it there")
    }
    step.action = need.obstacles.isEmpty && fixed.isEmpty ? .change : .blocked
    if step.action == .change, need.kind == .product {
      step.notes.append("who has subscribed keeps what was sold")
    }
    return step
  }

  private func differing(
    _ need: any Need, _ fields: [Field], _ object: JSONValue, _ ids: KnownIDs
  ) -> [Field] {
    fields.filter { field in
      !field.isMet(by: need.part(field.place, of: object, ids)?[field.key])
    }
  }

  /// Plans that are not for this program to make, and products of plans that the card has no longer.
  private func leftSteps(_ lock: ProviderLock) -> [ProvisionPlan.Step] {
    var steps: [ProvisionPlan.Step] = []
    for plan in card.plans {
      guard let reason = ProductNeed.reasonToLeave(plan, of: card) else { continue }
      steps.append(
        .init(
          kind: .product, name: plan.name.string, action: .leave, id: plan.product,
          notes: [reason + "; make it yourself, and name it in the card's `product`"]))
    }
    for product in lock.products where !card.plans.contains(where: { $0.name == product.plan }) {
      steps.append(
        .init(
          kind: .product, name: product.plan.string, action: .leave, id: product.id,
          notes: ["the card has no such plan any more; archive it there once nobody needs it"]))
    }
    return steps
  }

  private func call<Answer>(
    _ what: String, _ need: any Need, isRepeatable: Bool,
    _ body: () throws(ProviderFailure) -> Answer
  ) throws(ProvisionFailure) -> Answer {
    do throws(ProviderFailure) {
      return try caller.call(objects.readyAt, isRepeatable: isRepeatable, body)
    } catch {
      let object = "the \(need.kind.rawValue) of `\(need.name)`"
      guard error.kind == .fateUnknown else {
        throw ProvisionFailure("cannot \(what) \(object): \(error.reason)")
      }
      throw ProvisionFailure(
        "it is not known what became of the call to \(what) \(object): \(error.reason); run this "
          + "again, which looks first")
    }
  }
}
