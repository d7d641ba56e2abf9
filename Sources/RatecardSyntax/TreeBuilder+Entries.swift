import RatecardDiagnostics

/// The strictness of mappings: each key is a text, given once, and has a colon.
extension TreeBuilder {
  /// Checks the keys and values on the pending stack, drops the entries that were reported, and
  /// answers how many nodes are left.
  mutating func checkEntries(from first: Int, isFlow: Bool) -> Int {
    var kept = first
    var place = first
    let isLong = pending.count - first > 2 * Self.fewEntries
    var table = KeyTable(room: isLong ? (pending.count - first) / 2 : 0)
    while place + 1 < pending.count {
      let (key, value) = (pending[place], pending[place + 1])
      place += 2
      if isFlow, isCutOff(key, value) {
        let end = endOfCutOff(from: place)
        reportCutOff(key, before: kept > first ? pending[kept - 1] : nil, upTo: pending[end - 2])
        place = end
        continue
      }
      guard isUsableKey(key, value) else { continue }
      let earlier =
        isLong
        ? table.insert(key, hash: hash(of: key)) { isSameText(key, $0) }
        : search(key, from: first, to: kept)
      if let earlier {
        reportDuplicate(key, earlier: earlier)
        continue
      }
      pending[kept] = key
      pending[kept + 1] = value
      kept += 2
    }
    return kept - first
  }

  /// How many entries are compared one by one before a table is worth while.
  private static var fewEntries: Int { 12 }

  private func search(_ key: Int32, from first: Int, to end: Int) -> Int32? {
    var place = first
    while place < end {
      if isSameText(key, pending[place]) { return pending[place] }
      place += 2
    }
    return nil
  }

  private func isSameText(_ left: Int32, _ right: Int32) -> Bool {
    let (left, right) = (records[Int(left)], records[Int(right)])
    guard left.count == right.count else { return false }
    return pool.withUnsafeBufferPointer { pool in
      for index in 0..<left.count where pool[left.first + index] != pool[right.first + index] {
        return false
      }
      return true
    }
  }

  private func hash(of key: Int32) -> Int {
    let record = records[Int(key)]
    var hasher = Hasher()
    pool.withUnsafeBytes { pool in
      hasher.combine(bytes: .init(rebasing: pool[record.first..<(record.first + record.count)]))
    }
    return hasher.finalize()
  }

  private mutating func isUsableKey(_ key: Int32, _ value: Int32) -> Bool {
    let record = records[Int(key)]
    let (start, end) = (Int(record.start), Int(record.end))
    guard record.form.isScalar else {
      report.add(
        .keyNotText, "a \(record.form == .mapping ? "map" : "list") cannot be a key", at: start,
        end: end, help: "write a text before the colon; quote it if it has brackets or braces")
      return false
    }
    guard record.form == .plain else { return true }
    if record.count == 0 {
      let end = Int(records[Int(value)].end)
      report.add(
        .keyLeftOut, "there is no key before the colon", at: start, end: min(end, start + 1),
        help: "write one, or quote the text if the colon belongs to it")
      return false
    }
    if record.count == 2, pool[record.first] == UInt8(ascii: "<"),
      pool[record.first + 1] == UInt8(ascii: "<")
    {
      report.add(
        .mergeKey, "`<<` merges maps, which rate cards do not have", at: start, end: end,
        help: "write the entries out, or quote the key if it is a text")
      return false
    }
    return true
  }

  private mutating func reportDuplicate(_ key: Int32, earlier: Int32) {
    let record = records[Int(key)]
    let first = records[Int(earlier)]
    let text = pool[record.first..<(record.first + record.count)]
    report.add(
      .duplicateKey, "\(Reporter.quote(text)) is given twice in this map", at: Int(record.start),
      end: Int(record.end), help: "keep one of them",
      notes: [.init("first given here", at: report.span(Int(first.start), Int(first.end)))])
  }

  // MARK: Texts cut short by a comma

  /// Whether an entry in braces has neither colon nor value.
  private func isCutOff(_ key: Int32, _ value: Int32) -> Bool {
    let (key, value) = (records[Int(key)], records[Int(value)])
    guard value.form == .plain, value.count == 0, key.form.isScalar else { return false }
    var offset = Int(key.end)
    while offset < bytes.count, Self.isBlank(bytes[offset]) { offset += 1 }
    return offset >= bytes.count || bytes[offset] != UInt8(ascii: ":")
  }

  /// The place after the run of cut-off entries that goes on at `place`.
  private func endOfCutOff(from place: Int) -> Int {
    var end = place
    while end + 1 < pending.count, isCutOff(pending[end], pending[end + 1]) { end += 2 }
    return end
  }

  private mutating func reportCutOff(_ key: Int32, before value: Int32?, upTo last: Int32) {
    let first = records[Int(key)]
    let (start, end) = (Int(first.start), Int(records[Int(last)].end))
    let shown = Reporter.quote(original[start..<end])
    let text = pool[first.first..<(first.first + first.count)]
    if first.form == .plain, key == last, let colon = text.firstIndex(of: UInt8(ascii: ":")) {
      let name = String(decoding: text[..<colon], as: UTF8.self)
      let rest = String(decoding: text[(colon + 1)...], as: UTF8.self)
      report.add(
        .textCutShort, "\(shown) is one text, without a value", at: start, end: end,
        help: text.count > 80
          ? "put a space after the colon" : "put a space after the colon: `\(name): \(rest)`")
      return
    }
    let before = value.map { records[Int($0)] }
    guard let before, before.form == .plain, before.count > 0, Int(before.end) <= start else {
      report.add(
        .textCutShort, "\(shown) has no value", at: start, end: end,
        help: "write a colon and the value after it")
      return
    }
    let whole = String(decoding: original[Int(before.start)..<end], as: UTF8.self)
    report.add(
      .textCutShort, "\(shown) stands alone: the comma before it ended the text", at: start,
      end: end, help: Reporter.adviceToQuote(whole, "quote the text if it goes on"))
  }
}
