internal import Glibc

/// What the rows of a group come to.
public struct GroupSum: Sendable {
  /// How many rows there are.
  public internal(set) var rows = 0
  /// How many of them have a price.
  public internal(set) var priced = 0
  /// How many are refused.
  public internal(set) var denied = 0
  /// How many could not be priced.
  public internal(set) var unpriced = 0
  /// What they come to.
  var units: Int128 = 0
  /// What they came to before, and now, where both cards have an answer.
  var before: Int128 = 0
  var after: Int128 = 0

  mutating func add(_ other: GroupSum) {
    rows += other.rows
    priced += other.priced
    denied += other.denied
    unpriced += other.unpriced
    units &+= other.units
    before &+= other.before
    after &+= other.after
  }
}

/// Sums by what stands in some columns.
struct GroupTable {
  /// The most groups.
  static let limit = 1_000_000
  /// The most bytes that all their names have.
  static let byteLimit = 128 << 20

  /// What a key says of a column; texts and numbers that are written alike are one.
  private enum Mark: UInt8 {
    case absent, text, yes, no, nested

    init(_ form: Field.Form) {
      switch form {
      case .absent: self = .absent
      case .cell, .string, .number: self = .text
      case .yes: self = .yes
      case .no: self = .no
      case .nested: self = .nested
      }
    }
  }

  /// The columns, as places among the wanted ones.
  let columns: [Int]
  private(set) var sums: [GroupSum] = []
  /// The keys, one behind the other, and where each begins and ends.
  private var keys: [UInt8] = []
  private var starts: [Int] = [0]
  private var hashes: [UInt64] = []
  /// By hash, a group's place and one more; 0: nothing is here.
  private var slots: [UInt32]
  private var scratch: [UInt8] = []

  init(_ columns: [Int]) {
    self.columns = columns
    slots = Array(repeating: 0, count: 1 << 10)
  }

  /// Whether there are more groups than there may be.
  var hasTooMany: Bool { sums.count > Self.limit }
  /// Whether the groups, or their names, are more than there may be.
  var isTooLarge: Bool { hasTooMany || keys.count > Self.byteLimit }

  /// The place of the group of a row.
  @inline(__always)
  mutating func group(_ row: UnsafeMutablePointer<Field>) -> Int {
    scratch.removeAll(keepingCapacity: true)
    for column in columns {
      let field = row[column]
      scratch.append(Mark(field.form).rawValue)
      if field.form == .absent { continue }
      var length = UInt32(field.count)
      withUnsafeBytes(of: &length) { scratch.append(contentsOf: $0) }
      scratch.append(contentsOf: field.bytes)
    }
    let key = scratch
    return key.withUnsafeBufferPointer { place(of: $0) }
  }

  /// Changes the sum of a group.
  @inline(__always)
  mutating func update(_ group: Int, _ body: (inout GroupSum) -> Void) { body(&sums[group]) }

  /// Adds what another table has.
  mutating func add(_ other: GroupTable) {
    for group in other.sums.indices {
      let place = other.withKey(group) { key -> Int in self.place(of: key) }
      sums[place].add(other.sums[group])
    }
  }

  /// The key of a group: what stands in each column, nil where nothing does.
  func key(_ group: Int) -> [String?] {
    withKey(group) { key in
      var place = 0
      return columns.map { _ in
        let mark = key[place]
        place += 1
        if mark == Mark.absent.rawValue { return nil }
        let length = UnsafeRawBufferPointer(key).loadUnaligned(
          fromByteOffset: place, as: UInt32.self)
        place += 4
        let text = String(
          decoding: UnsafeBufferPointer(rebasing: key[place..<place + Int(length)]), as: UTF8.self)
        place += Int(length)
        switch Mark(rawValue: mark) {
        case .yes: return "true"
        case .no: return "false"
        case .nested: return "…"
        default: return text
        }
      }
    }
  }

  private func withKey<Result>(
    _ group: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result
  ) -> Result {
    keys.withUnsafeBufferPointer {
      body(UnsafeBufferPointer(rebasing: $0[starts[group]..<starts[group + 1]]))
    }
  }

  private func isKey(_ key: UnsafeBufferPointer<UInt8>, of group: Int) -> Bool {
    let start = starts[group]
    guard starts[group + 1] - start == key.count else { return false }
    return keys.withUnsafeBytes { keys in
      guard let keys = keys.baseAddress, let key = key.baseAddress else { return true }
      return memcmp(keys + start, key, self.starts[group + 1] - start) == 0
    }
  }

  private mutating func place(of key: UnsafeBufferPointer<UInt8>) -> Int {
    let hash = Self.hash(key)
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] != 0 {
      let group = Int(slots[slot]) - 1
      if hashes[group] == hash, isKey(key, of: group) { return group }
      slot = (slot + 1) & mask
    }
    let group = sums.count
    sums.append(GroupSum())
    keys.append(contentsOf: key)
    starts.append(keys.count)
    hashes.append(hash)
    slots[slot] = UInt32(group + 1)
    if 2 * sums.count > slots.count { grow() }
    return group
  }

  private mutating func grow() {
    slots = Array(repeating: 0, count: slots.count * 4)
    let mask = slots.count - 1
    for (group, hash) in hashes.enumerated() {
      var slot = Int(truncatingIfNeeded: hash) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = UInt32(group + 1)
    }
  }

  /// Folds in eight bytes at a time.
  private static func hash(_ key: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ UInt64(key.count)
    let bytes = UnsafeRawBufferPointer(key)
    var place = 0
    while place < bytes.count {
      var word: UInt64 = 0
      if place + 8 <= bytes.count {
        word = bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
      } else {
        for offset in place..<bytes.count { word = word << 8 | UInt64(bytes[offset]) }
      }
      let product = (state ^ word).multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
      state = product.high ^ product.low
      place += 8
    }
    return state
  }
}
