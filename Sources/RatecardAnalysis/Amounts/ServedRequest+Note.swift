import RatecardCompiler
import RatecardDiagnostics
import RatecardEngine
import RatecardModel
import RatecardValues

extension PriceSheet {
  /// A request and what the card answers it, at the rule that says so.
  ///
  /// `beginning` stands before the price of a request that has one, in place of the request itself.
  func note(on request: ServedRequest, priced beginning: String? = nil) -> Diagnostic.Note {
    let words = request.witness.text
    switch request.answer {
    case .priced(let credits, let rule, let adjustments):
      var text = "\(beginning ?? "\(words) costs") \(credits) by `\(card.costs[rule].name)`"
      if !adjustments.isEmpty {
        let names = adjustments.map { "`\(card.adjustments[$0].name)`" }
        text += ", adjusted by \(names.joined(separator: " and "))"
      }
      return Diagnostic.Note(text, at: card.costs[rule].span)
    case .refused(let rule):
      return Diagnostic.Note(
        "\(words) is refused by `\(card.costs[rule].name)`", at: card.costs[rule].span)
    case .failed(.pastLastBand(attribute: let attribute)):
      return Diagnostic.Note(
        "\(words) has no price: `\(card.attributes[attribute].name)` is past the last band")
    case .failed(.afterMissing(attribute: let attribute)):
      return Diagnostic.Note(
        "\(words) has no price: `\(card.attributes[attribute].name)` is missing, at which bands "
          + "are entered")
    case .failed(.unpriced):
      return Diagnostic.Note("\(words) has no price: no rule of `costs` holds")
    case .failed(.overflow):
      return Diagnostic.Note("\(words) has no price: the amount is too large or too fine")
    }
  }
}
