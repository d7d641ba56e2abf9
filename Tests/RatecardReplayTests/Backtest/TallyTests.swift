import RatecardTestSupport
import RatecardValues
import Testing

@testable import RatecardReplay

/// What is counted is what counting one by one finds.
@Suite struct TallyTests {
  @Test func percentilesAreThoseOfASortedList() {
    var random = SplitMix(seed: 8)
    for bits in [4, 10, 16, 17, 30, 62, 63, 64, 70, 100, 126] {
      var (left, right) = (Histogram(), Histogram())
      var amounts: [Int128] = []
      for _ in 0..<1_000 {
        let words = Int128(random.next()) << 62 | Int128(random.next() & 0xFFFF_FFFF_FFFF)
        let amount = words & ((Int128(1) << Int128(random.below(bits) + 1)) - 1)
        amounts.append(amount)
        if random.oneIn(2) { left.add(amount) } else { right.add(amount) }
      }
      left.add(right)
      amounts.sort()
      #expect(left.count == 1_000 && left.smallest == amounts[0] && left.largest == amounts[999])
      for percent in [1, 25, 50, 90, 99, 100] {
        let exact = amounts[(1_000 * percent + 99) / 100 - 1]
        let found = left.percentile(percent) ?? -1
        if bits <= 16 {
          #expect(found == exact)
        } else {
          #expect(found >= exact && found - exact <= exact / 1_000, "\(found), not \(exact)")
        }
      }
      let bars = left.bars(100)
      #expect(bars.map(\.count).reduce(0, +) == 1_000)
      for (bar, next) in zip(bars, bars.dropFirst()) { #expect(bar.last + 1 == next.first) }
      let fewer = left.bars(40)
      #expect(fewer.count <= 40 && fewer.map(\.count).reduce(0, +) == 1_000)
      #expect(fewer.last?.last == amounts[999])
    }
  }

  @Test(arguments: [1, 2, 5])
  func roundAmountsBelongToTheBarThatEndsWithThem(_ multiple: Int128) {
    var histogram = Histogram()
    var power: Int128 = 1
    for _ in 0..<30 {
      histogram.add(multiple * power)
      power *= 10
    }
    let bars = histogram.bars(100).filter { $0.count > 0 }
    #expect(bars.count == 30 && bars.allSatisfy { $0.count == 1 })
    #expect(bars.map { "\($0.last)".prefix(1) } == Array(repeating: "\(multiple)", count: 30))
  }

  @Test func namesOfGroupsHaveALimit() {
    let size = 1 << 20
    var table = GroupTable([0])
    var bytes = [UInt8](repeating: UInt8(ascii: "x"), count: size)
    var isTooLarge: [Bool] = []
    for group in 0..<GroupTable.byteLimit / size {
      bytes[0] = UInt8(group)
      bytes.withUnsafeMutableBufferPointer { bytes in
        var row = [Field(start: bytes.baseAddress!, count: Int32(bytes.count), form: .cell)]
        row.withUnsafeMutableBufferPointer { _ = table.group($0.baseAddress!) }
      }
      isTooLarge.append(table.isTooLarge)
    }
    #expect(isTooLarge.filter { $0 }.count == 1 && isTooLarge.last == true)
    #expect(!table.hasTooMany)
  }

  @Test func groupsAreThoseOfADictionary() {
    var random = SplitMix(seed: 9)
    var texts = (0..<3_000).map { "k\($0 % 1_700)" }
    texts += ["", "a", "ab"]
    var tables = [GroupTable([0, 1]), GroupTable([0, 1])]
    var expected: [String: Int] = [:]
    for index in 0..<20_000 {
      let (first, second) = (texts[random.below(texts.count)], texts[random.below(3)])
      let isAbsent = random.oneIn(10)
      var bytes = (Array(first.utf8), Array(second.utf8))
      bytes.0.withUnsafeMutableBufferPointer { first in
        bytes.1.withUnsafeMutableBufferPointer { second in
          let somewhere = UnsafePointer<UInt8>(second.baseAddress!)
          var row = [
            Field(
              start: UnsafePointer(first.baseAddress ?? second.baseAddress!),
              count: Int32(first.count), form: random.oneIn(2) ? .cell : .string),
            isAbsent
              ? Field.absent(somewhere)
              : Field(start: somewhere, count: Int32(second.count), form: .cell),
          ]
          row.withUnsafeMutableBufferPointer { row in
            let place = tables[index % 2].group(row.baseAddress!)
            tables[index % 2].update(place) { $0.rows += 1 }
          }
        }
      }
      expected["\(first)|\(isAbsent ? "∅" : second)", default: 0] += 1
    }
    let other = tables[1]
    tables[0].add(other)
    var found: [String: Int] = [:]
    for group in tables[0].sums.indices {
      let key = tables[0].key(group)
      found["\(key[0] ?? "∅")|\(key[1] ?? "∅")"] = tables[0].sums[group].rows
    }
    #expect(found == expected)
  }

  @Test(arguments: [
    (0, 0, "0"), (100, 105, "5"), (100, 95, "-5"), (3, 4, "33.33"), (3, 5, "66.67"),
    (8, 7, "-12.5"),
    (20_000, 20_001, "0.01"), (20_000, 19_999, "-0.01"), (40_001, 40_002, "0"),
  ])
  func changesAreRoundedToHundredths(_ before: Int128, _ after: Int128, _ percent: String) {
    #expect(BacktestReport.percent(before, after)?.description == percent)
  }

  @Test func nothingBeforeIsNoPercentage() {
    #expect(BacktestReport.percent(0, 1) == nil)
    let large = Int128.max / 2
    #expect(BacktestReport.percent(large, large * 2)?.description == "100")
  }
}
