/// What is the same for all rows of a `PreparedRows`, and where a block of them is worked on.
struct RowFrame: BitwiseCopyable {
  /// A text of each row.
  struct TextColumn: BitwiseCopyable {
    let names: SymbolTable
    let slot: UnsafePointer<AttributeSlot>
    let axis: Int
    /// Which of a row's texts it is.
    let source: Int
    /// Whether texts without a name are told apart here.
    let takesOthers: Bool
    /// Whether its symbol decides what is granted.
    let grants: Bool
  }

  /// The same where texts were looked up before.
  struct HandleColumn: BitwiseCopyable {
    let axis: Int32
    let source: Int32
    /// As the handles of its texts have it.
    let owner: UInt64
  }

  /// An integer of each row.
  struct NumberColumn: BitwiseCopyable {
    let numbers: NumberClassifier
    let axis: Int
    /// Which of a row's integers it is.
    let source: Int
    /// The least that is a value.
    let least: Int64
  }

  /// How many rows are worked on together at most: a bit each.
  static let blockSize = 64

  let kernel: RuleTable.Kernel
  let places: RuleTable.Layout.Places
  let layout: UnsafePointer<RuleTable.Layout.Kernel>
  let isDecision: Bool
  /// Whether anything is to be worked out or checked beside what is asked.
  let isPlain: Bool
  /// Whether rows decide what is granted, or what is left of it.
  let worksOutBalance: Bool
  /// Whether parts may exceed their whole.
  let checksSums: Bool
  /// Whether rows say which model they ask for.
  let asksForModel: Bool
  /// Whether the model that a row asks for is the one that it is priced for.
  let copiesModel: Bool
  /// The atoms that a decision finds on the axes that it changes.
  let blankModel: Int32
  let blankRequest: Int32
  let blankTier: Int32
  /// How many texts and integers a row has.
  let textCount: Int
  let integerCount: Int
  let texts: Flat<TextColumn>
  let handles: Flat<HandleColumn>
  /// How many of the texts are looked at.
  let lookedTexts: Int
  let numbers: Flat<NumberColumn>
  /// Which of a row's texts is the plan that decides what is granted; -1: none.
  let planSource: Int
  /// The atoms of each row of a block.
  let atoms: UnsafeMutablePointer<Int32>
  /// How many atoms lie between those of two rows.
  let stride: Int
  /// The symbol of each row's plan, where it is asked for.
  let plans: UnsafeMutablePointer<Int32>
  let recent: UnsafeMutablePointer<RecentText>
  /// By attribute, which of a row's integers it is; -1: it is none of them.
  let sources: Flat<Int32>
  /// By attribute, its quantity where it is no integer of the row: 0 for none, the least of all where
  /// it is no short integer.
  let fixed: Flat<Int64>

  /// The numbers of a row.
  struct Quantities: ShortQuantities {
    fileprivate let frame: Flat<RowFrame>
    fileprivate let integers: UnsafePointer<Int>

    @inline(__always)
    func short(_ attribute: Int) -> Int64? {
      let source = frame.base.pointee.sources[attribute]
      if source >= 0 { return Int64(integers[Int(source)]) }
      let fixed = frame.base.pointee.fixed[attribute]
      return fixed == .min ? nil : fixed
    }
  }
}

extension Flat<RowFrame> {
  /// The numbers of a row.
  @inline(__always)
  func quantities(_ integers: UnsafePointer<Int>) -> RowFrame.Quantities {
    RowFrame.Quantities(frame: self, integers: integers)
  }

  @inline(__always)
  func bit(_ row: Int) -> UInt64 { 1 &<< UInt64(truncatingIfNeeded: row) }
}
