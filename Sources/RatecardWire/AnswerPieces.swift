internal import Ratecard

/// The pieces that answers are put together from, each kept under what it depends on.
struct AnswerPieces: ~Copyable {
  /// A part of answers, and the places in the card that its text depends on.
  struct Key: Hashable, BitwiseCopyable {
    private let first: UInt64
    private let second: UInt64

    /// A part of an answer that has a price.
    @inline(__always)
    init(_ part: AnswerWriter.Part, _ reasons: Verdict.Reasons) {
      switch part {
      case .rule: self.init(0, reasons.costRule)
      case .service:
        self.init(1, reasons.tierRule, reasons.routeRule, reasons.side, reasons.model)
      case .basis: self.init(2, reasons.adjustments)
      }
    }

    /// The whole line of a refusal.
    init(refusal reasons: Verdict.Reasons) {
      self.init(3, reasons.costRule, reasons.routeRule)
    }

    /// Places are below 2³⁰, and -1 stands for none.
    @inline(__always)
    private init(
      _ kind: UInt64, _ place: Int32, _ other: Int32 = -1, _ side: Int32 = -1, _ model: Int32 = -1
    ) {
      first =
        kind << 62 | UInt64(truncatingIfNeeded: place &+ 1) << 31
        | UInt64(truncatingIfNeeded: other &+ 1)
      second =
        UInt64(truncatingIfNeeded: side &+ 1) << 31 | UInt64(truncatingIfNeeded: model &+ 1)
    }

    /// Where to look first.
    @inline(__always)
    fileprivate var hash: Int {
      let mixed = (first ^ first >> 31) &* 0x9E37_79B9_7F4A_7C15 ^ second &* 0xE703_7ED1_A0B4_28DB
      return Int(truncatingIfNeeded: mixed >> 32)
    }
  }

  /// Where a piece lies.
  struct Span: BitwiseCopyable {
    fileprivate let start: Int
    /// How many bytes it has.
    let count: Int
  }

  private struct Entry: BitwiseCopyable {
    let key: Key
    let span: Span
  }

  /// Open addressing, at most half full.
  private var entries: [Entry?] = Array(repeating: nil, count: 256)
  private var count = 0
  private var bytes: [UInt8] = []
  /// How many bytes are kept; a card may have more tiers, routes and models than there is memory for
  /// all that can meet.
  private static let limit = 16 << 20

  /// Where the piece under a key lies; nil: there is none yet.
  @inline(__always)
  func find(_ key: Key) -> Span? {
    var place = key.hash & (entries.count - 1)
    while let entry = entries[place] {
      if entry.key == key { return entry.span }
      place = (place + 1) & (entries.count - 1)
    }
    return nil
  }

  /// Keeps a piece, under a key if it may be looked for again.
  @inline(never)
  mutating func add(_ text: [UInt8], _ key: Key?) -> Span {
    let span = Span(start: bytes.count, count: text.count)
    bytes += text
    guard let key else { return span }
    if count * 2 >= entries.count { grow() }
    insert(Entry(key: key, span: span))
    count += 1
    return span
  }

  private mutating func insert(_ entry: Entry) {
    var place = entry.key.hash & (entries.count - 1)
    while entries[place] != nil { place = (place + 1) & (entries.count - 1) }
    entries[place] = entry
  }

  private mutating func grow() {
    let old = entries
    entries = Array(repeating: nil, count: old.count * 2)
    for case let entry? in old { insert(entry) }
  }

  /// Forgets all pieces if they are many; spans end with that.
  @inline(__always)
  mutating func makeRoom() {
    if bytes.count > Self.limit { self = AnswerPieces() }
  }

  /// Writes a piece to memory that has room for it, and answers its length.
  @inline(__always)
  func copy(_ span: Span, to text: UnsafeMutablePointer<UInt8>) -> Int {
    bytes.withUnsafeBufferPointer { bytes in
      // SAFETY: a span comes from `add`, and pieces only join those that are there.
      if let start = bytes.baseAddress {
        text.update(from: start + span.start, count: span.count)
      }
    }
    return span.count
  }
}
