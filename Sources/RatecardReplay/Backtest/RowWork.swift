internal import Ratecard
internal import RatecardValues

/// Where a batch of rows is priced.
final class RowWork {
  /// The most columns: a bit each, and one to spare.
  static let columnLimit = 62
  /// How many kinds of rows of one batch are answered together at most.
  static let kindLimit = 8
  /// How many kinds of rows there are at most in all.
  static let formLimit = 64
  /// The mask of a row that takes a request of its own.
  static let odd = UInt64.max
  /// The bit that only such a mask has.
  static let oddBit: UInt64 = 1 << 63
  /// The mask of a row that is priced.
  static let done: UInt64 = 1 << 62

  // SAFETY: the memory is this object's own, with room for the rows of a batch and for the columns of
  // each; all of it is initialized.
  /// Which columns each row carries.
  let masks: UnsafeMutablePointer<UInt64>
  let rows: UnsafeMutablePointer<UnsafeMutablePointer<Field>>
  /// The integers of each row, by column.
  let integers: UnsafeMutablePointer<Int>
  let width: Int
  /// The rows that are answered together, their values and verdicts.
  let order: UnsafeMutablePointer<Int32>
  let texts: UnsafeMutablePointer<UnsafeBufferPointer<UInt8>>
  let numbers: UnsafeMutablePointer<Int>
  let verdicts: UnsafeMutablePointer<Verdict>
  /// What each row comes to.
  let prices: UnsafeMutablePointer<RowPrice>

  init(width: Int) {
    let count = RowBatch.capacity
    let cells = count * max(width, 1)
    self.width = width
    func room<Element>(_ count: Int, _ value: Element) -> UnsafeMutablePointer<Element> {
      let room = UnsafeMutablePointer<Element>.allocate(capacity: count)
      room.initialize(repeating: value, count: count)
      return room
    }
    masks = room(count, 0)
    rows = .allocate(capacity: count)
    integers = room(cells, 0)
    order = room(count, 0)
    texts = room(cells, UnsafeBufferPointer(start: nil, count: 0))
    numbers = room(cells, 0)
    verdicts = room(count, .unanswered)
    prices = room(count, .failed)
  }

  deinit {
    masks.deallocate()
    rows.deallocate()
    integers.deallocate()
    order.deallocate()
    texts.deallocate()
    numbers.deallocate()
    verdicts.deallocate()
    prices.deallocate()
  }
}

/// A card prepared for rows that carry certain columns.
final class PreparedForm {
  /// Which columns.
  let mask: UInt64
  /// Whether the card answers such rows together.
  let isQuick: Bool
  private var card: PreparedCard?
  /// The wanted columns that are texts.
  private let texts: [Int]
  /// The card's columns that are integers.
  private let integers: [Int]

  init(_ mask: UInt64, _ card: consuming PreparedCard?, texts: [Int], integers: [Int]) {
    (self.mask, self.texts, self.integers) = (mask, texts, integers)
    isQuick = card?.isQuick ?? false
    self.card = card
  }

  /// Adds a row to those that are answered next.
  @inline(__always)
  func take(_ row: Int, _ work: RowWork, into place: Int) {
    work.order[place] = Int32(truncatingIfNeeded: row)
    let fields = work.rows[row]
    for (index, column) in texts.enumerated() {
      work.texts[place &* texts.count &+ index] = fields[column].bytes
    }
    for (index, column) in integers.enumerated() {
      work.numbers[place &* integers.count &+ index] = work.integers[row &* work.width &+ column]
    }
  }

  /// Answers the rows that were added; how many are left open.
  func judge(_ count: Int, _ work: RowWork, at now: Instant) -> Int {
    card?.judge(rows: count, utf8: work.texts, work.numbers, at: now, into: work.verdicts)
      ?? count
  }
}
