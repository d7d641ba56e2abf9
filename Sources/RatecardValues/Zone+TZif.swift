extension Zone {
  /// Why bytes are no zone.
  public enum Failure: Error, Hashable, Sendable {
    /// They are not a TZif file of version 1 to 4, or not a sound one; what is wrong with them.
    case malformed(String)

    /// What is wrong with the bytes.
    public var reason: String {
      switch self {
      case .malformed(let reason): reason
      }
    }
  }

  /// Reads a TZif file (RFC 8536, versions 1 to 4), as `/usr/share/zoneinfo` has them.
  ///
  /// Any bytes may be given. A file that counts leap seconds is refused.
  public init(name: String, tzif bytes: [UInt8]) throws(Failure) {
    var reader = TZifReader(bytes)
    let first = try reader.readHeader()
    var table: TZifTable
    var rule: PosixRule?
    if first.version == 1 {
      table = try reader.readTable(first, timeSize: 4)
    } else {
      try reader.skip(first.size(timeSize: 4))
      let second = try reader.readHeader()
      table = try reader.readTable(second, timeSize: 8)
      let footer = try reader.readFooter()
      if !footer.isEmpty {
        guard let read = PosixRule(parsing: footer) else {
          throw .malformed("the footer is no POSIX rule")
        }
        rule = read
      }
    }
    self.init(name: name, table: table, rule: rule)
  }

  /// Keeps real changes from 1969 on, and writes the rule's changes of 400 years behind the table's
  /// own, so that asking for a time is one search.
  private init(name: String, table: TZifTable, rule: PosixRule?) {
    var times = table.times
    var offsets = table.offsets
    var repeatStart: Int64?
    let ruleStart = max(times.last ?? Zone.bounds.lowerBound, Zone.bounds.lowerBound)
    if let rule, ruleStart < Zone.bounds.upperBound {
      let year = CivilDate(daysSince1970: floorQuotient(Int(ruleStart), 86_400)).year
      // Some days more than 400 years: what repeats is the rule's alone.
      let end = ruleStart + Zone.cycle + 86_400
      let changes = rule.changes(years: year - 2...year + 402)
      times.append(ruleStart)
      offsets.append(changes.last { $0.at <= ruleStart }?.offset ?? rule.standard)
      for change in changes where change.at > ruleStart && change.at < end {
        times.append(change.at)
        offsets.append(change.offset)
      }
      repeatStart = end
    }
    var initial = table.initialOffset
    var keptTimes: [Int64] = []
    var keptOffsets: [Int32] = []
    for (index, time) in times.enumerated() {
      if time <= Zone.bounds.lowerBound {
        initial = offsets[index]
        continue
      }
      guard time < Zone.bounds.upperBound else { break }
      if keptTimes.last == time {
        keptTimes.removeLast()
        keptOffsets.removeLast()
      }
      if offsets[index] == keptOffsets.last.map(Int.init) ?? initial { continue }
      keptTimes.append(time)
      keptOffsets.append(Int32(offsets[index]))
    }
    self.init(
      name: name, initialOffset: initial, changes: keptTimes, offsets: keptOffsets,
      repeatStart: repeatStart)
  }
}

/// A TZif table: offsets from UTC, and since when each holds.
private struct TZifTable {
  var initialOffset: Int
  var times: [Int64]
  var offsets: [Int]
}

/// The counts in a TZif header.
private struct TZifHeader {
  var version: Int
  var isUTCount: Int
  var isStandardCount: Int
  var leapCount: Int
  var timeCount: Int
  var typeCount: Int
  var characterCount: Int

  /// How many bytes of data follow the header.
  func size(timeSize: Int) -> Int {
    timeCount * (timeSize + 1) + typeCount * 6 + characterCount + leapCount * (timeSize + 4)
      + isStandardCount + isUTCount
  }
}

/// Reads the parts of a TZif file; it never reads past the end.
private struct TZifReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func skip(_ count: Int) throws(Zone.Failure) {
    guard count <= bytes.count - position else { throw .malformed("the file is cut short") }
    position += count
  }

  private mutating func readInteger(_ size: Int) throws(Zone.Failure) -> UInt64 {
    let start = position
    try skip(size)
    return bytes[start..<position].reduce(0) { $0 << 8 | UInt64($1) }
  }

  private mutating func readCount() throws(Zone.Failure) -> Int {
    Int(truncatingIfNeeded: try readInteger(4))
  }

  mutating func readHeader() throws(Zone.Failure) -> TZifHeader {
    guard bytes.dropFirst(position).starts(with: Array("TZif".utf8)) else {
      throw .malformed("the file is no TZif file")
    }
    position += 4
    let version: Int
    switch UInt8(truncatingIfNeeded: try readInteger(1)) {
    case 0: version = 1
    case UInt8(ascii: "2"), UInt8(ascii: "3"), UInt8(ascii: "4"): version = 2
    default: throw .malformed("the file is of an unknown TZif version")
    }
    try skip(15)
    return TZifHeader(
      version: version, isUTCount: try readCount(), isStandardCount: try readCount(),
      leapCount: try readCount(), timeCount: try readCount(), typeCount: try readCount(),
      characterCount: try readCount())
  }

  mutating func readTable(
    _ header: TZifHeader, timeSize: Int
  ) throws(Zone.Failure) -> TZifTable {
    // Checked before anything is allocated: the counts may be any.
    guard header.size(timeSize: timeSize) <= bytes.count - position else {
      throw .malformed("the file is cut short")
    }
    guard header.leapCount == 0 else { throw .malformed("the file counts leap seconds") }
    guard header.typeCount > 0 else { throw .malformed("the file has no local time type") }
    var times: [Int64] = []
    times.reserveCapacity(header.timeCount)
    for _ in 0..<header.timeCount {
      let bits = try readInteger(timeSize)
      let time =
        timeSize == 8
        ? Int64(truncatingIfNeeded: bits) : Int64(Int32(truncatingIfNeeded: bits))
      if let last = times.last, last >= time {
        throw .malformed("the table's times do not ascend")
      }
      times.append(time)
    }
    let types = position
    try skip(header.timeCount)
    var typeOffsets: [Int] = []
    for _ in 0..<header.typeCount {
      let offset = Int(Int32(truncatingIfNeeded: try readInteger(4)))
      guard abs(offset) < Zone.largestOffset else {
        throw .malformed("an offset is larger than 26 hours")
      }
      typeOffsets.append(offset)
      try skip(2)
    }
    var offsets: [Int] = []
    offsets.reserveCapacity(header.timeCount)
    for index in 0..<header.timeCount {
      let type = Int(bytes[types + index])
      guard type < typeOffsets.count else {
        throw .malformed("a change leads to no local time type")
      }
      offsets.append(typeOffsets[type])
    }
    try skip(header.characterCount + header.isStandardCount + header.isUTCount)
    return TZifTable(initialOffset: typeOffsets[0], times: times, offsets: offsets)
  }

  mutating func readFooter() throws(Zone.Failure) -> ArraySlice<UInt8> {
    let newline = UInt8(ascii: "\n")
    let rest = bytes[position...]
    guard rest.first == newline, let end = rest.dropFirst().firstIndex(of: newline) else {
      throw .malformed("the file has no footer")
    }
    return rest[(position + 1)..<end]
  }
}
