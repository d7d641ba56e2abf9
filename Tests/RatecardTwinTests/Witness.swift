import Foundation
import RatecardDiagnostics
import RatecardModel
import RatecardTwin
import RatecardValues

/// The requests that the loader shows of rules that contradict each other.
enum Witness {
  /// Why a request that is shown is not one under the twin; nil: it is.
  static func problem(_ errors: [Diagnostic], _ twin: Twin) -> String? {
    for error in errors {
      let isContradiction = ["ambiguous-rules", "same-conditions", "circular-overrides"]
        .contains(error.code.name)
      guard isContradiction else { continue }
      guard var note = error.notes.map(\.message).first(where: { $0.contains(" hold for ") }),
        let shown = note.range(of: " hold for ")
      else { return "no request is shown: \(error.message) \(error.notes.map(\.message))" }
      let remark = " routed there, and no model asked for"
      let isUnasked = note.hasSuffix(remark)
      if isUnasked { note.removeLast(remark.count) }
      let pairs =
        note[shown.upperBound...] == "a request that carries nothing"
        ? [] : note[shown.upperBound...].split(separator: " ")
      var inputs: [String: TwinValue] = [:]
      for pair in pairs {
        guard let equals = pair.firstIndex(of: "=") else { return "unreadable: \(note)" }
        let name = String(pair[..<equals])
        guard let attribute = twin.card.card.attribute(named: name) else {
          return "what is \(name)?"
        }
        inputs[name] = value(String(pair[pair.index(after: equals)...]), attribute.kind)
      }
      // The other attributes may say anything, absence included.
      if inputs["at"] == nil { inputs["at"] = .instant(0) }
      let names = error.message.split(separator: "`", omittingEmptySubsequences: false)
        .enumerated().filter { $0.offset % 2 == 1 }.map { ExactText(String($0.element)) }
      guard var request = twin.request(inputs) else {
        return "the request that is shown is none: \(note)"
      }
      if isUnasked {
        guard let model = request[.model]?.text, twin.card.unaskedModels.contains(model) else {
          return "no route gives the model: \(note)"
        }
        request[.requestedModel] = nil
      }
      let isOne = requests(like: request).contains { request in
        isShown(error, names, twin.costs, request) || isShown(error, names, twin.tiers, request)
          || isShown(error, names, twin.routes, request)
          || isShown(error, names, twin.events, request)
          || twin.groups.values.contains { isShown(error, names, $0, request) }
      }
      if !isOne { return "\(error.message): not so for the twin: \(note)" }
    }
    return nil
  }

  /// The request, and others with a `balance_percent`, which is left out where no balance gives it.
  private static func requests(like request: TwinRequest) -> [TwinRequest] {
    [request]
      + [-1, 0, 1, 10, 11, 20, 21, 100, 101].map { percent in
        request.merging([.balancePercent: .number(Fraction(percent))]) { $1 }
      }
  }

  private static func isShown<Outcome>(
    _ error: Diagnostic, _ names: [ExactText], _ section: Section<Outcome>, _ request: TwinRequest
  ) -> Bool {
    let rules = section.rules.indices.filter { names.contains(ExactText(section.rules[$0].name)) }
    guard rules.count == names.count else { return false }
    guard rules.allSatisfy({ section.rules[$0].scope.holds(for: request) }) else { return false }
    if error.code.name == "same-conditions" { return true }
    guard case .ambiguous(let left) = section.winner(for: request) else { return false }
    return rules.allSatisfy(left.contains)
  }

  private static func value(_ text: String, _ kind: Attribute.Kind) -> TwinValue {
    switch kind {
    case .text, .choice, .windows: .text(text)
    case .flag: .flag(text == "true")
    case .count, .quantity, .number:
      (try? Number(parsing: text, signed: true)).map { .number(Fraction($0)) } ?? .text(text)
    case .instant: (try? Instant(parsing: text)).map { .instant($0.nanoseconds) } ?? .text(text)
    }
  }
}
