import RatecardCompiler
import RatecardModel
import RatecardValues

/// The texts by which requests name models, as two cards tell them apart.
///
/// Each card turns aliases into names of its own before any rule looks. Where both turn a text into
/// the same name, the name stands for it; where they do not, the text counts as requests carry it.
struct JointModels {
  let domain: TextDomain

  init(_ spaces: Both<Space>) throws(DifferenceFailure) {
    var literals: Set<ExactText> = []
    var globs: Set<Glob> = []
    for space in spaces.list {
      if let axis = space.axis(of: .model, in: .afterRouting),
        case .texts(let texts) = space.axes[axis].domain
      {
        literals.formUnion(texts.literals)
        globs.formUnion(texts.globs)
      }
      if case .choice(let members) = space.card[.model].kind {
        literals.formUnion(members)
      }
      for model in space.card.models.models {
        literals.insert(model.name)
        for alias in model.aliases {
          switch alias {
          case .glob(let glob): globs.insert(glob)
          case .value(.text(let text)): literals.insert(text)
          case .value: break
          }
        }
      }
    }
    let all = try TextDomain.joining(literals, globs, isOpen: true)
    let names = spaces.map { ModelNames($0.card.models) }
    func isSharedAlias(_ text: ExactText) -> Bool {
      let old = names.old.name(of: text)
      return old != text && old == names.new.name(of: text)
    }
    domain = TextDomain(
      literals: all.literals.filter { !isSharedAlias($0) }, globs: all.globs,
      others: all.others.filter { !isSharedAlias(ExactText($0.example)) })
  }
}
