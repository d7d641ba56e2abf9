internal import Ratecard
internal import RatecardModel
internal import RatecardValues

/// Prices batches of rows by a card.
///
/// Rows that carry the same texts and integers, and nothing else that prices look at, are answered
/// together by a `PreparedCard`. Every other row becomes a request of its own. Both say the same.
final class RowPricer {
  /// A column that the card knows, and how its values are read.
  private struct Column {
    /// Its place among the wanted columns.
    let place: Int
    let handle: AttributeHandle
    let reading: Reading
  }

  private enum Reading {
    case text
    case integer
    /// When the request was, which no price looks at: it must only be a time.
    case time
    case instant
    case flag
  }

  private let card: RateCard
  private let decimals: Int
  private let columns: [Column]
  /// The time of rows that say none; nil: they must say one.
  private let now: Instant?
  /// The zone of times that say none; nil: they must say one.
  private let zone: Zone?
  private let isQuick: Bool
  private var buffer: RequestBuffer
  private var forms: [PreparedForm] = []
  private var plainTime = PlainTime()
  private let work: RowWork
  /// The rows of the last batch that have no answer, in order, and why.
  private(set) var errors: [(row: Int, error: RequestError)] = []
  /// What each row of the last batch comes to.
  var prices: UnsafePointer<RowPrice> { UnsafePointer(work.prices) }

  /// Prices rows of these columns, in units of a decimal; `at` is the time of all of them, whatever
  /// they say.
  init(
    _ card: RateCard, _ columns: UsageColumns, decimals: Int, at: Instant?, zone: Zone?,
    isQuick: Bool = true
  ) {
    (self.card, self.decimals, self.zone) = (card, decimals, zone)
    buffer = RequestBuffer(for: card)
    let looksAtTime = card.model.pricesDependOnTime
    now = at ?? (looksAtTime ? nil : .earliest)
    self.columns = columns.all.enumerated().compactMap { place, column in
      guard let name = column.attribute, let handle = try? card.handle(name) else { return nil }
      let attribute = card.model.attributes[handle.index]
      let reading: Reading
      switch attribute.kind {
      case .text, .choice: reading = .text
      case .count, .quantity, .number: reading = .integer
      case .instant where attribute.id == .at:
        // The time of all rows is said.
        if at != nil { return nil }
        reading = looksAtTime ? .instant : .time
      case .instant: reading = .instant
      default: reading = .flag
      }
      return Column(place: place, handle: handle, reading: reading)
    }
    self.isQuick = isQuick && self.columns.count <= RowWork.columnLimit
    work = RowWork(width: self.columns.count)
  }

  /// Prices the rows of a batch.
  func price(_ batch: RowBatch) {
    if !errors.isEmpty { errors.removeAll(keepingCapacity: true) }
    if isQuick {
      read(batch)
      answerAlike(batch.count)
    } else {
      for row in 0..<batch.count { work.masks[row] = RowWork.odd }
    }
    var fault = 0
    for row in 0..<batch.count where work.masks[row] == RowWork.odd {
      while fault < batch.faults.count, batch.faults[fault].row < row { fault += 1 }
      if fault < batch.faults.count, batch.faults[fault].row == row {
        work.prices[row] = .failed
        errors.append((row, RequestError(.invalidRequest, batch.faults[fault].message)))
      } else {
        priceAlone(row, batch.row(row))
      }
    }
  }

  // MARK: - Rows that are alike

  /// Reads all values, column by column, and notes which of them each row carries.
  private func read(_ batch: RowBatch) {
    let (count, width, masks) = (batch.count, batch.width, work.masks)
    for row in 0..<count { masks[row] = 0 }
    for (index, column) in columns.enumerated() where batch.isCarried[column.place] {
      let bit: UInt64 = 1 << UInt64(index)
      var field = batch.fields + column.place
      switch column.reading {
      case .text:
        for row in 0..<count {
          switch field.pointee.form {
          case .absent: break
          case .cell, .string: masks[row] |= bit
          default: masks[row] = RowWork.odd
          }
          field += width
        }
      case .integer:
        var integer = work.integers + index
        for row in 0..<count {
          if field.pointee.form != .absent {
            if let value = field.pointee.shortInteger {
              integer.pointee = value
              masks[row] |= bit
            } else {
              masks[row] = RowWork.odd
            }
          }
          field += width
          integer += columns.count
        }
      case .time:
        var plainTime = plainTime
        for row in 0..<count {
          switch field.pointee.form {
          case .absent: break
          case .cell, .string:
            if plainTime.isTime(field.pointee) { break }
            if Instant(log: field.pointee.bytes, zone: zone) == nil {
              masks[row] = RowWork.odd
            } else {
              plainTime.remember(field.pointee)
            }
          default: masks[row] = RowWork.odd
          }
          field += width
        }
        self.plainTime = plainTime
      case .instant, .flag:
        for row in 0..<count {
          if field.pointee.form != .absent { masks[row] = RowWork.odd }
          field += width
        }
      }
    }
    // What is odd stays so, whatever else the row carries.
    for row in 0..<count where masks[row] & RowWork.oddBit != 0 {
      masks[row] = RowWork.odd
    }
    for fault in batch.faults { masks[fault.row] = RowWork.odd }
    if now == nil { for row in 0..<count { masks[row] = RowWork.odd } }
    for row in 0..<count { work.rows[row] = batch.row(row) }
  }

  /// Answers rows that carry the same together, and leaves the others odd.
  private func answerAlike(_ count: Int) {
    var first = 0
    var kinds = 0
    while first < count {
      let mask = work.masks[first]
      if mask == RowWork.odd || mask == RowWork.done {
        first += 1
        continue
      }
      kinds += 1
      guard kinds <= RowWork.kindLimit, let form = form(mask) else {
        for row in first..<count where work.masks[row] == mask { work.masks[row] = RowWork.odd }
        first += 1
        continue
      }
      var found = 0
      for row in first..<count where work.masks[row] == mask {
        form.take(row, work, into: found)
        found += 1
      }
      settle(found, form.judge(found, work, at: now ?? .earliest))
      first += 1
    }
  }

  /// Notes what some rows came to; those left open are odd.
  private func settle(_ count: Int, _ open: Int) {
    for index in 0..<count {
      let (row, verdict) = (Int(work.order[index]), work.verdicts[index])
      guard verdict.isAnswer, let rule = verdict.costRule?.place else {
        work.masks[row] = RowWork.odd
        continue
      }
      work.masks[row] = RowWork.done
      guard let credits = verdict.credits else {
        work.prices[row] = RowPrice(units: 0, rule: rule, kind: .denied)
        continue
      }
      guard let units = credits.units(decimals: decimals) else {
        work.masks[row] = RowWork.odd
        continue
      }
      work.prices[row] = RowPrice(units: units, rule: rule, kind: .priced)
    }
  }

  /// The card prepared for rows that carry some of the columns; nil: that takes requests.
  private func form(_ mask: UInt64) -> PreparedForm? {
    if let known = forms.first(where: { $0.mask == mask }) { return known.isQuick ? known : nil }
    guard forms.count < RowWork.formLimit else { return nil }
    var (texts, integers): ([Int], [Int]) = ([], [])
    for (index, column) in columns.enumerated() where mask >> UInt64(index) & 1 == 1 {
      if case .text = column.reading { texts.append(index) } else { integers.append(index) }
    }
    func names(_ indices: [Int]) -> [String] {
      indices.map { card.model.attributes[columns[$0].handle.index].name }
    }
    let form = PreparedForm(
      mask, try? card.prepared(for: .price, texts: names(texts), integers: names(integers)),
      texts: texts.map { columns[$0].place }, integers: integers)
    forms.append(form)
    return form.isQuick ? form : nil
  }

  // MARK: - One row

  private func priceAlone(_ row: Int, _ fields: UnsafeMutablePointer<Field>) {
    do throws(RequestError) {
      buffer.clear()
      var hasTime = now != nil
      for column in columns {
        let field = fields[column.place]
        if field.form == .absent { continue }
        try set(column, field)
        if column.handle.index == AttributeID.at.index { hasTime = true }
      }
      if !hasTime {
        throw RequestError(
          .invalidRequest, "`at` is not given, and prices change with time", attribute: "at",
          help: "map a column to it, or say `--at` which time all rows are of")
      }
      let verdict = try card.judgeCost(&buffer, at: now)
      let rule = verdict.costRule?.place ?? -1
      if let credits = verdict.credits {
        guard let units = credits.units(decimals: decimals) else {
          throw RequestError(.overflow, "the amount is too large to be added up")
        }
        work.prices[row] = RowPrice(units: units, rule: rule, kind: .priced)
      } else {
        work.prices[row] = RowPrice(units: 0, rule: rule, kind: .denied)
      }
    } catch {
      work.prices[row] = .failed
      errors.append((row, error))
    }
  }

  private func set(_ column: Column, _ field: Field) throws(RequestError) {
    switch field.form {
    case .absent: break
    case .cell, .string:
      if case .integer = column.reading, let integer = field.shortInteger {
        return try buffer.set(column.handle, integer: integer)
      }
      if buffer.set(column.handle, utf8: field.bytes) { return }
      switch column.reading {
      case .time, .instant:
        if let instant = Instant(log: field.bytes, zone: zone) {
          return try buffer.set(column.handle, instant: instant)
        }
        if zone == nil, Instant(log: field.bytes, zone: .utc) != nil {
          let text = String(decoding: field.bytes, as: UTF8.self)
          throw RequestError(
            .invalidRequest, "`\(text)` says no time zone",
            attribute: card.model.attributes[column.handle.index].name,
            help: "say `--zone UTC`, or which one the log's clock has")
        }
      case .text, .integer, .flag: break
      }
      try buffer.set(column.handle, text: String(decoding: field.bytes, as: UTF8.self))
    case .number:
      let number: Number
      do throws(Number.Failure) { number = try Number(json: field.bytes) } catch {
        let text = String(decoding: field.bytes, as: UTF8.self)
        throw RequestError(
          .invalidRequest, "`\(text)` is out of bounds",
          attribute: card.model.attributes[column.handle.index].name, help: error.reason)
      }
      try buffer.set(column.handle, number: number)
    case .yes, .no: try buffer.set(column.handle, flag: field.form == .yes)
    case .nested:
      let name = card.model.attributes[column.handle.index].name
      throw RequestError(
        .invalidRequest, "`\(name)` is an object or an array", attribute: name,
        help: "name a value in it with points, `--map usage.input=\(name)`")
    }
  }
}

extension Field {
  /// The integer of up to 18 digits that it spells plainly; nil: it spells another number, or none.
  @inline(__always)
  var shortInteger: Int? {
    guard form == .cell || form == .number || form == .string else { return nil }
    let count = Int(count)
    guard count > 0, count <= 18 else { return nil }
    var value = 0
    for place in 0..<count {
      let digit = start[place] &- UInt8(ascii: "0")
      if digit > 9 { return nil }
      value = value &* 10 &+ Int(digit)
    }
    return value
  }
}
