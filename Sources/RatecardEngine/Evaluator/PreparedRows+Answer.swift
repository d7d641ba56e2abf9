public import RatecardValues

/// How rows are read and answered: block by block, and in a block column by column, so that what one
/// row waits for is fetched while others are worked on.
extension PreparedRows {
  /// Answers rows of texts and integers; the answer is how many of them are left open.
  ///
  /// The request is for the same table, and is used for what it takes to work out a balance.
  public mutating func answer(
    _ count: Int, _ texts: UnsafePointer<String>, _ integers: UnsafePointer<Int>,
    at now: Instant, _ request: inout Request,
    into answers: UnsafeMutablePointer<Evaluator.Verdict>
  ) -> Int {
    guard isQuick else { return leaveOpen(count, answers) }
    setClock(now)
    var (first, open) = (0, 0)
    while first < count {
      let size = min(count &- first, Self.blockSize)
      var odd = read(size, texts + first &* textCount)
      let numbers = integers + first &* integerCount
      odd |= read(size, numbers)
      open &+= answer(size, numbers, odd, &request, answers + first)
      first &+= size
    }
    return open
  }

  /// The same where texts were looked up before.
  public mutating func answer(
    _ count: Int, _ texts: UnsafePointer<Request.KnownText>, _ integers: UnsafePointer<Int>,
    at now: Instant, _ request: inout Request,
    into answers: UnsafeMutablePointer<Evaluator.Verdict>
  ) -> Int {
    guard isQuick else { return leaveOpen(count, answers) }
    setClock(now)
    var (first, open) = (0, 0)
    while first < count {
      let size = min(count &- first, Self.blockSize)
      read(size, texts + first &* textCount)
      let numbers = integers + first &* integerCount
      let odd = read(size, numbers)
      open &+= answer(size, numbers, odd, &request, answers + first)
      first &+= size
    }
    return open
  }

  private func leaveOpen(
    _ count: Int, _ answers: UnsafeMutablePointer<Evaluator.Verdict>
  ) -> Int {
    answers.update(repeating: .open, count: count)
    return count
  }

  @inline(__always)
  private mutating func setClock(_ now: Instant) {
    if clockAxis >= 0, now != clockTime { moveClock(to: now) }
  }

  @inline(never)
  private mutating func moveClock(to now: Instant) {
    clockTime = now
    let atom = layout.pointee.clock.atom(of: now, &clock, table)
    for row in 0..<Self.blockSize { atoms[row &* stride &+ clockAxis] = atom }
  }

  // MARK: Reading

  /// Classifies the texts of some rows; the bits of those that take a longer look are set.
  @inline(__always)
  private func read(_ count: Int, _ given: UnsafePointer<String>) -> UInt64 {
    var odd: UInt64 = 0
    for place in 0..<lookedTexts {
      let column = texts + place
      var text = given + column.pointee.source
      var atom = atoms + column.pointee.axis
      for row in 0..<count {
        let found = known(text, column, row)
        if found == Self.unknown {
          odd |= 1 &<< UInt64(truncatingIfNeeded: row)
        } else {
          atom.pointee = found
        }
        text += textCount
        atom += stride
      }
    }
    return odd
  }

  /// What stands for a text that takes a longer look.
  private static var unknown: Int32 { .min }

  @inline(__always)
  private func known(
    _ text: UnsafePointer<String>, _ column: UnsafeMutablePointer<TextColumn>, _ row: Int
  ) -> Int32 {
    let atom = text.pointee.utf8.withContiguousStorageIfAvailable { text in
      guard let bytes = text.baseAddress else { return Self.unknown }
      let start = UnsafeRawPointer(bytes)
      let key = TextKey(inStorage: start, text.count)
      let hash = column.pointee.names.hash(key)
      guard let slot = column.pointee.names.slot(key, hash: hash, start) else {
        return other(key, hash, start, column, row)
      }
      if column.pointee.grants { plans[row] = slot.pointee.symbol }
      return slot.pointee.atom
    }
    return atom ?? Self.unknown
  }

  /// The atom of a text without a name.
  @inline(never)
  private func other(
    _ key: TextKey, _ hash: Int, _ text: UnsafeRawPointer,
    _ column: UnsafeMutablePointer<TextColumn>, _ row: Int
  ) -> Int32 {
    guard column.pointee.takesOthers else { return Self.unknown }
    if column.pointee.grants { plans[row] = -1 }
    let recent = recent + (hash &+ column.pointee.axis) & (RecentText.count &- 1)
    if recent.pointee.matches(key, column: column.pointee.source) { return recent.pointee.atom }
    guard column.pointee.slot.pointee.hasAxis else { return 0 }
    let atom = column.pointee.slot.pointee.texts.affixes.atom(
      text.assumingMemoryBound(to: UInt8.self), key.length)
    if atom < 0 { return Self.unknown }
    if key.length <= 16 {
      recent.pointee = RecentText(key, column: column.pointee.source, atom: atom)
    }
    return atom
  }

  @inline(__always)
  private func read(_ count: Int, _ given: UnsafePointer<Request.KnownText>) {
    var strangers: UInt64 = 0
    for place in 0..<lookedTexts {
      let column = texts + place
      let owner = column.pointee.owner
      var text = given + column.pointee.source
      var atom = atoms + column.pointee.axis
      for row in 0..<count {
        strangers |= text.pointee.owner ^ owner
        atom.pointee = text.pointee.atom
        if column.pointee.grants { plans[row] = text.pointee.symbol }
        text += textCount
        atom += stride
      }
    }
    precondition(
      strangers == 0,
      "a text's handle belongs to the attribute and the card that it was made for")
  }

  @inline(__always)
  private func read(_ count: Int, _ given: UnsafePointer<Int>) -> UInt64 {
    var odd: UInt64 = 0
    for place in 0..<integerCount {
      let column = numbers + place
      let least = column.pointee.least
      var number = given + column.pointee.source
      var atom = atoms + column.pointee.axis
      for row in 0..<count {
        let integer = Int64(number.pointee)
        odd |= (integer < least ? 1 : 0) &<< UInt64(truncatingIfNeeded: row)
        atom.pointee = column.pointee.slot.pointee.numbers.atom(of: integer)
        number += integerCount
        atom += stride
      }
    }
    return odd
  }

  // MARK: Answering

  /// Answers a block of rows that were read, of which odd ones are left open.
  @inline(never)
  private mutating func answer(
    _ count: Int, _ integers: UnsafePointer<Int>, _ odd: UInt64, _ request: inout Request,
    _ answers: UnsafeMutablePointer<Evaluator.Verdict>
  ) -> Int {
    var odd = odd
    if worksOutBalance { odd |= workOutBalances(count, integers, odd, &request) }
    if checksSums { odd |= checkSums(count, integers) }
    if question == .decision {
      for row in 0..<count { odd |= route(row, answers + row) }
    } else if copiesModel {
      let places = layout.pointee.places
      for row in 0..<count {
        let atoms = atoms + row &* stride
        atoms[places.requestedAxis] = atoms[places.modelAxis]
      }
    }
    findCosts(count, answers)
    for row in 0..<count {
      odd |= price(row, integers + row &* integerCount, answers + row)
    }
    if odd == 0 { return 0 }
    var left = odd
    while left != 0 {
      answers[left.trailingZeroBitCount] = .open
      left &= left &- 1
    }
    return odd.nonzeroBitCount
  }

  @inline(__always)
  private func bit(_ row: Int) -> UInt64 { 1 &<< UInt64(truncatingIfNeeded: row) }

  /// The tier and the route of a row, which from then on is as costs see it; its bit where a circle
  /// or a split decides.
  @inline(__always)
  private func route(
    _ row: Int, _ answer: UnsafeMutablePointer<Evaluator.Verdict>
  ) -> UInt64 {
    let atoms = atoms + row &* stride
    let layout = layout
    atoms[layout.pointee.places.tierAxis] = blankTier
    if !asksForModel { atoms[layout.pointee.places.modelAxis] = blankModel }
    atoms[layout.pointee.places.requestedAxis] = blankRequest
    let tierRule = kernel.pointee.tiers.winner(atoms)
    if tierRule < -1 { return open(row, answer) }
    atoms[layout.pointee.places.tierAxis] =
      tierRule < 0 ? layout.pointee.places.noTier : kernel.pointee.tierAtoms[tierRule]
    atoms[layout.pointee.places.requestedAxis] = atoms[layout.pointee.places.modelAxis]
    let routeRule = kernel.pointee.routes.winner(atoms)
    answer.pointee = Evaluator.Verdict(tierRule: tierRule, routeRule: routeRule)
    guard routeRule >= 0 else { return routeRule < -1 ? open(row, answer) : 0 }
    let pick = kernel.pointee.picks.base + Int(routeRule)
    if pick.pointee.sideCount > 0 {
      if pick.pointee.sideCount > 1 { return open(row, answer) }
      answer.pointee.side = 0
      atoms[layout.pointee.places.modelAxis] =
        kernel.pointee.sides[Int(pick.pointee.firstSide)].atom
    }
    return 0
  }

  @inline(never)
  private func open(_ row: Int, _ answer: UnsafeMutablePointer<Evaluator.Verdict>) -> UInt64 {
    answer.pointee = .open
    return bit(row)
  }

  /// The cost rule of each row.
  @inline(__always)
  private func findCosts(
    _ count: Int, _ answers: UnsafeMutablePointer<Evaluator.Verdict>
  ) {
    for row in 0..<count {
      let rule = kernel.pointee.costs.winner(atoms + row &* stride)
      if question == .price { answers[row] = Evaluator.Verdict(tierRule: -1, routeRule: -1) }
      answers[row].costRule = rule
    }
  }

  /// The price of a row by its rule; its bit where it takes a longer look, or there is none.
  @inline(__always)
  private func price(
    _ row: Int, _ integers: UnsafePointer<Int>,
    _ answer: UnsafeMutablePointer<Evaluator.Verdict>
  ) -> UInt64 {
    if question == .decision, answer.pointee.routeRule >= 0,
      kernel.pointee.picks[answer.pointee.routeRule].isDenial
    {
      answer.pointee.costRule = -1
      return 0
    }
    let rule = answer.pointee.costRule
    if rule < 0 { return bit(row) }
    let known = kernel.pointee.prices.rule(rule)
    if known.plan < 0 { return 0 }
    var set: Int32 = 0
    if known.isAdjustable {
      guard kernel.pointee.adjustments.isComplete else { return bit(row) }
      set = kernel.pointee.adjustments.leaf(atoms + row &* stride)
    }
    let quantities = RowQuantities(sources: sources, fixed: fixed, integers: integers)
    guard let credits = kernel.pointee.prices.credits(known.plan, set, quantities) else {
      return bit(row)
    }
    answer.pointee.credits = credits
    return 0
  }

  // MARK: What follows from a row

  /// The numbers of a row.
  private struct RowQuantities: ShortQuantities {
    let sources: UnsafeMutablePointer<Int32>
    let fixed: UnsafeMutablePointer<Int64>
    let integers: UnsafePointer<Int>

    @inline(__always)
    func short(_ attribute: Int) -> Int64? {
      let source = sources[attribute]
      if source >= 0 { return Int64(integers[Int(source)]) }
      return fixed[attribute] == .min ? nil : fixed[attribute]
    }
  }

  /// What is granted by each row's plan, and which part of it is left; bits of rows where that takes a
  /// longer look.
  @inline(never)
  private func workOutBalances(
    _ count: Int, _ integers: UnsafePointer<Int>, _ odd: UInt64, _ request: inout Request
  ) -> UInt64 {
    let places = layout.pointee.places
    let slots = layout.pointee.slots.base
    let axes = (slots[places.granted].axis, slots[places.balancePercent].axis)
    var found: UInt64 = 0
    request.clear()
    for row in 0..<count where odd & bit(row) == 0 {
      let integers = integers + row &* integerCount
      if hasPlans { request.symbols[places.plan] = plans[row] }
      let isSet =
        set(places.balance, integers, &request) && set(places.granted, integers, &request)
      if !isSet || !request.workOutBalance() { found |= bit(row) }
      let atoms = atoms + row &* stride
      atoms[axes.0] = request.atoms[axes.0]
      atoms[axes.1] = request.atoms[axes.1]
    }
    request.clear()
    return found
  }

  @inline(__always)
  private func set(
    _ place: Int, _ integers: UnsafePointer<Int>, _ request: inout Request
  ) -> Bool {
    let source = sources[place]
    return source < 0 || request.set(place, quickly: Int64(integers[Int(source)]))
  }

  /// The bits of rows whose parts exceed their whole.
  @inline(never)
  private func checkSums(_ count: Int, _ integers: UnsafePointer<Int>) -> UInt64 {
    var found: UInt64 = 0
    for row in 0..<count {
      let quantities = RowQuantities(
        sources: sources, fixed: fixed, integers: integers + row &* integerCount)
      for index in 0..<layout.pointee.sumCount {
        let sum = layout.pointee.sums[index]
        var (total, isTooLarge) = (Int64(0), false)
        for place in sum.firstPart..<sum.endOfParts {
          let part = quantities.short(Int(layout.pointee.parts[place]))
          let (next, overflows) = total.addingReportingOverflow(part ?? 0)
          isTooLarge = isTooLarge || overflows || part == nil
          total = next
        }
        let whole = quantities.short(Int(sum.whole)) ?? -1
        if isTooLarge || total > whole { found |= bit(row) }
      }
    }
    return found
  }
}
