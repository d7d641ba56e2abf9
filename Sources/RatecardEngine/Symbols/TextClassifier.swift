public import RatecardValues

/// The texts that an attribute tells apart: those that the card names are its symbols, and what
/// other texts are depends on the globs that take them.
public struct TextValues: Sendable {
  /// Another name of a symbol; a symbol may be one of another symbol too.
  public struct Alias: Sendable {
    /// The other name.
    public let text: ExactText
    /// The symbol, as a place among the symbols.
    public let symbol: Int

    /// Makes another name.
    public init(text: ExactText, symbol: Int) {
      self.text = text
      self.symbol = symbol
    }
  }

  /// The texts that the card names; the symbol of a text is its place.
  public let symbols: [ExactText]
  /// The atom of each symbol.
  let atoms: [Int32]
  let aliases: [Alias]
  let globs: GlobTable

  /// Puts texts together; `combinations` are ascending glob indices with their atoms.
  public init(
    symbols: [ExactText], atoms: [Int32], aliases: [Alias] = [], globs: [Glob] = [],
    combinations: [(globs: [Int], atom: Int)] = []
  ) {
    self.symbols = symbols
    self.atoms = atoms
    self.aliases = aliases
    self.globs = GlobTable(globs, combinations)
  }

  /// The atom of a text that is no symbol; nil: an axis with a closed set does not have it.
  ///
  /// O(length × globs).
  public func atom(ofOther text: String) -> Int32? { globs.atom(of: text) }
}

/// Tells in one pass which symbol a text is, and which atom.
struct TextClassifier: BitwiseCopyable, Sendable {
  /// The texts that the card names.
  let names: SymbolTable
  /// Tells other texts apart by how they begin and end.
  let affixes: GlobTable.Affixes

  init(_ values: TextValues, in arena: Arena) {
    let aliases = Set(values.aliases.map(\.text))
    let symbols = values.symbols.enumerated().filter { !aliases.contains($1) }
    names = SymbolTable(
      symbols.map { ($1, Int32($0), values.atoms[$0]) }
        + values.aliases.map { ($0.text, Int32($0.symbol), values.atoms[$0.symbol]) },
      in: arena)
    affixes = values.globs.affixes(in: arena)
  }

  /// The atom of a text that is no symbol; -1: it has none, -2: that takes trying the globs.
  ///
  /// O(length).
  @inline(never)
  func atom(ofOther text: borrowing String) -> Int32 {
    let atom = text.utf8.withContiguousStorageIfAvailable { bytes in
      bytes.baseAddress.map { affixes.atom($0, bytes.count) } ?? -2
    }
    return atom ?? -2
  }
}
