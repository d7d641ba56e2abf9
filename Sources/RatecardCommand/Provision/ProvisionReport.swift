internal import RatecardBilling
internal import RatecardJSON

/// A plan of what is set up at the provider, for whoever reads it.
struct ProvisionReport {
  let plan: ProvisionPlan
  let environment: ProviderLock.Environment
  let lock: String
  let isApplied: Bool
  /// Whether somebody was asked what is there.
  let isAsked: Bool

  /// What keeps the plan from being done; nil: nothing.
  var complaint: String? {
    if plan.isBlocked {
      return "nothing was sent: \(plan.count(.blocked)) of these cannot be as the card says"
    }
    if plan.needsOverageUnit, !isApplied {
      return """
        how does the provider read the price of a credit of overage? Its documents say both: in the
        currency's main unit (0.04 USD is 0.04) and in its smallest (0.04 USD is 4). Look at one in
        test mode, and say `--overage-price main` or `--overage-price smallest`; nothing is sent before.
        """
    }
    return nil
  }

  // MARK: - As text

  /// As text: a line for each object, and below it what differs or is said of it.
  var text: String {
    let width = plan.steps.map(\.name.count).max() ?? 0
    var text =
      isAsked
      ? "\(environment.rawValue) environment, lock \(lock)\n\n"
      : "nobody was asked what is there: this is what an empty account needs\n\n"
    for step in plan.steps {
      let kind = padded(step.kind.rawValue, "product".count)
      let name = step.id == nil ? step.name : padded(step.name, width)
      let line = "\(Self.mark(step.action)) \(kind)  \(name)" + (step.id.map { "  \($0)" } ?? "")
      text += line + "\n"
      let names = step.changes.map(\.name.count).max() ?? 0
      for change in step.changes {
        text += "    \(padded(change.name, names))  \(Self.shown(change))\n"
      }
      for note in step.notes { text += "    (\(note))\n" }
    }
    if plan.steps.isEmpty { text += "the card has neither plans nor a meter: nothing is needed\n" }
    return text + "\n" + summary + "\n"
  }

  private static func mark(_ action: ProvisionPlan.Step.Action) -> String {
    switch action {
    case .keep: "="
    case .make: "+"
    case .change: "~"
    case .leave: "-"
    case .blocked: "!"
    }
  }

  private static func shown(_ change: ProvisionPlan.Step.Change) -> String {
    let wanted = [change.wanted, change.alternative].compactMap { $0.map(shown) }
      .joined(separator: " or ")
    return change.now.map { "\(shown($0)) → \(wanted)" } ?? wanted
  }

  private static func shown(_ value: JSONValue) -> String {
    value.string ?? (value == .null ? "nothing" : value.text())
  }

  private var summary: String {
    var parts: [String] = []
    let (made, changed) = (plan.count(.make), plan.count(.change))
    let isDone = isApplied && isAsked
    if made > 0 { parts.append(isDone ? "\(made) made" : "\(made) to make") }
    if changed > 0 { parts.append(isDone ? "\(changed) changed" : "\(changed) to change") }
    if plan.isBlocked { parts.append("\(plan.count(.blocked)) in the way") }
    if plan.count(.keep) > 0 { parts.append("\(plan.count(.keep)) as they should be") }
    if plan.count(.leave) > 0 { parts.append("\(plan.count(.leave)) left alone") }
    let list = parts.isEmpty ? "nothing to do" : parts.joined(separator: ", ")
    let canApply = !plan.isDone && !isApplied && complaint == nil
    return list + (canApply ? "; `--apply` makes it so" : "")
  }

  // MARK: - As JSON

  /// As JSON, on one line.
  var json: String {
    let steps = plan.steps.map { step -> JSONValue in
      var members: [JSONValue.Member] = [
        .init("kind", .string(step.kind.rawValue)), .init("name", .string(step.name)),
        .init("action", .string(step.action.rawValue)),
        .init("id", step.id.map { .string($0) } ?? .null),
      ]
      let changes = step.changes.map { change -> JSONValue in
        var members: [JSONValue.Member] = [
          .init("field", .string(change.name)), .init("now", change.now ?? .null),
          .init("wanted", change.wanted),
        ]
        if let other = change.alternative { members.append(.init("alternative", other)) }
        return .object(members)
      }
      members.append(.init("changes", .array(changes)))
      members.append(.init("notes", .array(step.notes.map { .string($0) })))
      return .object(members)
    }
    let value: JSONValue = [
      "environment": .string(environment.rawValue), "lock": .string(lock),
      "asked": .bool(isAsked), "applied": .bool(isApplied),
      "needs_overage_price": .bool(plan.needsOverageUnit),
      "blocked": .bool(plan.isBlocked), "steps": .array(steps),
    ]
    return value.text() + "\n"
  }
}
