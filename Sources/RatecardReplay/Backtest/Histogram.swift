/// How many rows came to how much.
///
/// Amounts below 65,536 units of the last decimal are counted one by one; larger ones fall into classes
/// no wider than a thousandth of what is in them, and are taken for the largest amount of their class.
struct Histogram {
  /// Amounts below this are told apart exactly.
  static let exactLimit: UInt64 = 65_536
  /// Classes of each power of two from there on.
  private static let classesOfPower = 1_024
  private static let classCount = 65_536 + (127 - 16) * classesOfPower

  private var counts = [Int](repeating: 0, count: classCount)
  /// The smallest and the largest amount; the latter -1 where there is none.
  private(set) var smallest = Int128.max
  private(set) var largest: Int128 = -1
  /// How many amounts were counted.
  private(set) var count = 0

  /// Counts an amount, which is not negative.
  @inline(__always)
  mutating func add(_ units: Int128) {
    if units < smallest { smallest = units }
    if units > largest { largest = units }
    count &+= 1
    counts[Self.place(of: units)] &+= 1
  }

  /// Adds what another one counted.
  mutating func add(_ other: Histogram) {
    smallest = min(smallest, other.smallest)
    largest = max(largest, other.largest)
    count += other.count
    for place in 0..<Self.classCount where other.counts[place] > 0 {
      counts[place] += other.counts[place]
    }
  }

  @inline(__always)
  private static func place(of units: Int128) -> Int {
    guard units <= Int128(Int64.max) else { return largePlace(of: units) }
    let value = UInt64(truncatingIfNeeded: units)
    if value < exactLimit { return Int(truncatingIfNeeded: value) }
    // 2¹⁶ and more: the ten bits behind the first one tell amounts of one power apart.
    let power = 63 &- value.leadingZeroBitCount
    let behind = (value &>> UInt64(truncatingIfNeeded: power &- 10)) & 1_023
    return 65_536 &+ (power &- 16) &* classesOfPower &+ Int(truncatingIfNeeded: behind)
  }

  /// The same of amounts that take more than one word.
  @inline(never)
  private static func largePlace(of units: Int128) -> Int {
    let power = 127 - units.leadingZeroBitCount
    return 65_536 + (power - 16) * classesOfPower + Int(units >> Int128(power - 10) & 1_023)
  }

  /// The largest amount of a class.
  private static func last(_ place: Int) -> Int128 {
    if place < 65_536 { return Int128(place) }
    let (power, behind) = (place - 65_536).quotientAndRemainder(dividingBy: classesOfPower)
    return (Int128(1_024 + behind) << Int128(power + 6)) + ((1 << Int128(power + 6)) - 1)
  }

  /// The least amount that at least so many percent of the rows do not exceed; nil: there is no row.
  func percentile(_ percent: Int) -> Int128? {
    guard count > 0 else { return nil }
    let wanted = max(1, (count * percent + 99) / 100)
    var seen = 0
    for place in 0..<Self.classCount {
      seen += counts[place]
      if seen >= wanted { return min(max(Self.last(place), smallest), largest) }
    }
    return largest
  }

  /// How many rows came to how much, ascending: bars of a chart.
  ///
  /// There is one for nothing, and one up to each power of ten, twice and five times that. Where those
  /// were more than `limit` there is one for each power of ten, which are never more than 40.
  func bars(_ limit: Int) -> [Bar] {
    guard count > 0 else { return [] }
    let bars = bars(each: [1, 2, 5])
    return bars.count <= limit ? bars : self.bars(each: [1])
  }

  private func bars(each multiples: [Int128]) -> [Bar] {
    var bars: [Bar] = []
    if counts[0] > 0 { bars.append(Bar(first: 0, last: 0, count: counts[0])) }
    var steps: [Int128] = []
    var power: Int128 = 1
    while power <= largest {
      steps += multiples.map { $0 * power }.filter { $0 <= largest }
      power *= 10
    }
    var first: Int128 = 1
    var place = 1
    for last in steps + [largest] where last >= first {
      var found = 0
      // A class on both sides of a bound counts before it: prices are round more often than not.
      while place < Self.classCount, Self.last(place - 1) < last || last == largest {
        found += counts[place]
        place += 1
      }
      if found > 0 || !bars.isEmpty { bars.append(Bar(first: first, last: last, count: found)) }
      first = last + 1
    }
    return bars
  }

  /// A stretch of amounts and how many rows came to one of them.
  struct Bar: Sendable {
    let first: Int128
    let last: Int128
    let count: Int
  }
}
