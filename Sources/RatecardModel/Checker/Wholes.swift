internal import RatecardDiagnostics
internal import RatecardSyntax
internal import RatecardValues

/// `part_of`: which attribute is included in which.
extension CheckContext {
  /// Resolves every `part_of` of the declared attributes and refuses cycles.
  mutating func resolveWholes(_ declarations: [AttributeDeclaration]) {
    for declaration in declarations {
      guard let node = declaration.wholeNode, let id = attributeIDs[ExactText(declaration.name)],
        attributes[id.index].origin == .declared
      else { continue }
      guard let whole = attribute(node) else { continue }
      let part = attributes[id.index]
      if whole.id == part.id {
        report(
          .partOfCycle, "`\(part.name)` cannot be a part of itself", at: node.span,
          help: "name the attribute that it is included in")
      } else if !part.kind.isQuantity || !whole.kind.isQuantity {
        let other = part.kind.isQuantity ? whole : part
        report(
          .partOfKind,
          "`\(other.name)` is \(other.kind.inWords), only a count or a quantity "
            + (other.id == part.id ? "can be a part" : "has parts"), at: node.span)
      } else {
        attributes[id.index] = part.with(partOf: whole.id)
      }
    }
    reportCycles(declarations)
  }

  /// Reports each cycle once, at the `part_of` of its first member by name, and opens it there.
  private mutating func reportCycles(_ declarations: [AttributeDeclaration]) {
    for declaration in declarations {
      guard let node = declaration.wholeNode,
        let start = attributeIDs[ExactText(declaration.name)]
      else { continue }
      var chain = [start]
      while let last = chain.last, let whole = attributes[last.index].partOf {
        if whole == start {
          let names = (chain + [start]).map { "`\(attributes[$0.index].name)`" }
          report(
            .partOfCycle, "`\(declaration.name)` would be a part of itself", at: node.span,
            help: names.joined(separator: " is part of "))
          attributes[start.index] = attributes[start.index].with(partOf: nil)
          break
        }
        guard !chain.contains(whole) else { break }
        chain.append(whole)
      }
    }
  }
}
