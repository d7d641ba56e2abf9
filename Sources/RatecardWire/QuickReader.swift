internal import Ratecard
internal import RatecardJSON
internal import RatecardModel
internal import RatecardValues

/// Reads requests that are as most are, without making a text of anything: flat objects of names and
/// values that the card knows, and of texts under a few other names.
///
/// Requests mostly give their attributes in one order, so what stood between two values the last time,
/// a comma and a name, is looked for there again: byte for byte the same, it means the same.
struct QuickReader: ~Copyable {
  private let card: RateCard
  // SAFETY: the memory is this reader's own, initialized in `init` and freed in `deinit`; its places
  // are those of the card's attributes, those of the other names, and one more.
  /// By the places of attributes; the last of all is what stands before the first name.
  private let names: UnsafeMutablePointer<Name>
  private let beginning: Int
  /// The other names, whose places follow those of attributes.
  private let others: [[UInt8]]
  private var request = 0

  /// What is known of an attribute's name.
  private struct Name {
    var handle: AttributeHandle?
    var takesInstants = false
    /// The name that followed it last, and what stood between its value and that of the next.
    var next: Int
    var gap = Spelling()
    /// The last request that gave it.
    var request = 0
    /// The value that it gave, as it stands there.
    var value = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
  }

  /// What follows a value.
  private enum Step {
    /// The value of a name.
    case name(Int)
    /// Nothing.
    case end
    /// What takes a closer look.
    case unusual
  }

  /// Makes a reader of requests to a card, which may have texts under other names as well.
  init(_ card: RateCard, others: [String] = []) {
    self.card = card
    self.others = others.map { Array($0.utf8) }
    beginning = card.model.attributes.count + others.count
    names = .allocate(capacity: beginning + 1)
    names.initialize(repeating: Name(next: beginning), count: beginning + 1)
  }

  deinit { names.deinitialize(count: beginning + 1).deallocate() }

  /// Gives an empty request what a line says; false: the line takes a closer look.
  mutating func read(
    _ line: UnsafeBufferPointer<UInt8>, into buffer: inout RequestBuffer
  ) -> Bool {
    // SAFETY: `place` only grows, stays at or before `end`, and is read before it only.
    guard var place = line.baseAddress else { return false }
    let end = place + line.count
    request &+= 1
    var name = beginning
    while true {
      if names[name].gap.stands(at: place, end) {
        place += names[name].gap.length
        name = names[name].next
      } else {
        switch step(from: name, &place, end) {
        case .name(let next): name = next
        case .end: return true
        case .unusual: return false
        }
      }
      // What stands there twice is refused with more words.
      guard names[name].request != request, place < end else { return false }
      names[name].request = request
      let start = place
      guard read(name, &place, end, into: &buffer) else { return false }
      names[name].value = UnsafeBufferPointer(start: start, count: place - start)
    }
  }

  /// The value that the last request gives a name, as it stands there; nil: it gives none.
  ///
  /// Names have the places of their attributes, and behind those the places of the others.
  func value(at name: Int) -> UnsafeBufferPointer<UInt8>? {
    names[name].request == request ? names[name].value : nil
  }

  /// The text that the last request gives a name; nil: it gives none.
  func text(at name: Int) -> UnsafeBufferPointer<UInt8>? {
    guard let value = value(at: name), value.first == UInt8(ascii: "\"") else { return nil }
    return UnsafeBufferPointer(rebasing: value[1..<value.count - 1])
  }

  /// Steps from behind a value, or from the start, to the value of the next name, and remembers how.
  @inline(never)
  private mutating func step(
    from last: Int, _ place: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) -> Step {
    let (brace, isFirst) = (UInt8(ascii: "}"), last == beginning)
    var next = JSONRun.afterSpace(place, end)
    guard next < end else { return .unusual }
    if next.pointee == brace, !isFirst { return theEnd(next + 1, end) }
    guard next.pointee == UInt8(ascii: isFirst ? "{" : ",") else { return .unusual }
    next = JSONRun.afterSpace(next + 1, end)
    guard next < end else { return .unusual }
    if next.pointee == brace, isFirst { return theEnd(next + 1, end) }
    guard next.pointee == UInt8(ascii: "\""), let quote = JSONRun.afterString(next + 1, end),
      let name = look(up: UnsafeBufferPointer(start: next + 1, count: quote - next - 1))
    else { return .unusual }
    next = JSONRun.afterSpace(quote + 1, end)
    guard next < end, next.pointee == UInt8(ascii: ":") else { return .unusual }
    next = JSONRun.afterSpace(next + 1, end)
    names[last].next = name
    names[last].gap = Spelling(UnsafeBufferPointer(start: place, count: next - place))
    place = next
    return .name(name)
  }

  /// The place of a name; nil: no request has it.
  private mutating func look(up name: UnsafeBufferPointer<UInt8>) -> Int? {
    let attributes = card.model.attributes
    if let other = others.firstIndex(where: { $0.elementsEqual(name) }) {
      return attributes.count + other
    }
    guard let handle = card.handle(utf8: name) else { return nil }
    names[handle.index].handle = handle
    names[handle.index].takesInstants = attributes[handle.index].kind == .instant
    return handle.index
  }

  private func theEnd(_ place: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Step {
    JSONRun.afterSpace(place, end) == end ? .end : .unusual
  }

  // MARK: - Values

  @inline(__always)
  private mutating func read(
    _ name: Int, _ place: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>,
    into buffer: inout RequestBuffer
  ) -> Bool {
    guard let handle = names[name].handle else { return readOtherText(&place, end) }
    switch place.pointee {
    case UInt8(ascii: "\""):
      guard let quote = JSONRun.afterString(place + 1, end) else { return false }
      let text = UnsafeBufferPointer(start: place + 1, count: quote - place - 1)
      place = quote + 1
      if buffer.set(handle, utf8: text) { return true }
      if names[name].takesInstants, let instant = try? Instant(parsing: text) {
        return (try? buffer.set(handle, instant: instant)) != nil
      }
      return (try? buffer.set(handle, text: String(decoding: text, as: UTF8.self))) != nil
    case UInt8(ascii: "t"):
      return take("true", &place, end) && (try? buffer.set(handle, flag: true)) != nil
    case UInt8(ascii: "f"):
      return take("false", &place, end) && (try? buffer.set(handle, flag: false)) != nil
    case UInt8(ascii: "n"):
      return take("null", &place, end)
    default:
      return readNumber(handle, &place, end, into: &buffer)
    }
  }

  /// The value of a name that is no attribute's.
  private func readOtherText(
    _ place: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) -> Bool {
    guard place.pointee == UInt8(ascii: "\""), let quote = JSONRun.afterString(place + 1, end)
    else { return false }
    place = quote + 1
    return true
  }

  @inline(__always)
  private func take(
    _ word: StaticString, _ place: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) -> Bool {
    guard end - place >= word.utf8CodeUnitCount else { return false }
    for index in 0..<word.utf8CodeUnitCount where place[index] != word.utf8Start[index] {
      return false
    }
    place += word.utf8CodeUnitCount
    return true
  }

  /// Most numbers are integers of up to 18 digits.
  @inline(__always)
  private func readNumber(
    _ handle: AttributeHandle, _ place: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>,
    into buffer: inout RequestBuffer
  ) -> Bool {
    let start = place
    if place.pointee == UInt8(ascii: "-") { place += 1 }
    let digits = place
    var magnitude = 0
    while place < end, place.pointee &- UInt8(ascii: "0") <= 9 {
      magnitude = magnitude &* 10 &+ Int(place.pointee &- UInt8(ascii: "0"))
      place += 1
    }
    let next = place < end ? place.pointee : 0
    guard next != UInt8(ascii: "."), next | 0x20 != UInt8(ascii: "e"), place > digits,
      place - digits <= 18
    else {
      place = start
      return readOther(handle, &place, end, into: &buffer)
    }
    if digits.pointee == UInt8(ascii: "0"), place - digits > 1 { return false }
    return (try? buffer.set(handle, integer: digits > start ? -magnitude : magnitude)) != nil
  }

  @inline(never)
  private func readOther(
    _ handle: AttributeHandle, _ place: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>,
    into buffer: inout RequestBuffer
  ) -> Bool {
    let start = place
    while place < end {
      switch place.pointee {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"),
        UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
        place += 1
        continue
      default: break
      }
      break
    }
    let text = UnsafeBufferPointer(start: start, count: place - start)
    guard let number = try? Number(json: text) else { return false }
    return (try? buffer.set(handle, number: number)) != nil
  }
}

/// Some bytes that are compared in a few words.
private struct Spelling: BitwiseCopyable {
  /// How many bytes it has.
  private(set) var length = 0
  /// How many bytes must be there to be compared.
  private var reach = Int.max
  // Words from both ends, which may overlap; the mask leaves out what is past a short spelling.
  private var mask: UInt64 = 0
  private var first: UInt64 = 0
  private var second: UInt64 = 0
  private var third: UInt64 = 0
  private var last: UInt64 = 0

  /// No bytes, which stand nowhere.
  init() {}

  /// The spelling of some bytes; of more than 32 none.
  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard (1...32).contains(bytes.count) else { return }
    length = bytes.count
    reach = max(length, 8)
    mask = length < 8 ? 1 << (8 * length) - 1 : .max
    let padded = Array(bytes) + Array(repeating: 0, count: 8)
    padded.withUnsafeBytes { bytes in
      first = bytes.loadUnaligned(as: UInt64.self) & mask
      last = bytes.loadUnaligned(fromByteOffset: max(length - 8, 0), as: UInt64.self) & mask
      guard length > 16 else { return }
      second = bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
      third = bytes.loadUnaligned(fromByteOffset: length - 16, as: UInt64.self)
    }
  }

  /// Whether it stands at a place.
  @inline(__always)
  func stands(at place: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Bool {
    // SAFETY: no byte is read past the `reach`, which lies before the end.
    guard end - place >= reach else { return false }
    let bytes = UnsafeRawPointer(place)
    guard bytes.loadUnaligned(as: UInt64.self) & mask == first,
      bytes.loadUnaligned(fromByteOffset: max(length &- 8, 0), as: UInt64.self) & mask == last
    else { return false }
    if length <= 16 { return true }
    return bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self) == second
      && bytes.loadUnaligned(fromByteOffset: length &- 16, as: UInt64.self) == third
  }
}
