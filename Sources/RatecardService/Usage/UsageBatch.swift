internal import RatecardJSON

/// The usage of one request: one object, an array of them, or an object a line.
enum UsageBatch {
  case one(UnsafeBufferPointer<UInt8>)
  case many([UnsafeBufferPointer<UInt8>])

  /// The most objects in a batch.
  static let limit = 10_000

  /// Divides a body into objects, whose bytes stay the body's; throws what is wrong with it.
  init(
    _ body: UnsafeBufferPointer<UInt8>, _ type: RequestHead.ContentType
  ) throws(UsageBatchFailure) {
    if type == .jsonLines {
      let lines = body.split(separator: UInt8(ascii: "\n"))
        .map { UnsafeBufferPointer(rebasing: $0) }
        .filter { !$0.allSatisfy { $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: " ") } }
      try Self.check(lines.count)
      self = .many(lines)
      return
    }
    guard body.first(where: { !Self.isSpace($0) }) == UInt8(ascii: "[") else {
      self = .one(body)
      return
    }
    do throws(JSONFailure) {
      self = .many(try Self.items(body))
    } catch {
      throw UsageBatchFailure(message: "the request is not JSON: \(error)")
    }
    if case .many(let items) = self { try Self.check(items.count) }
  }

  private static func check(_ count: Int) throws(UsageBatchFailure) {
    guard (1...limit).contains(count) else {
      throw UsageBatchFailure(message: "a batch has 1 to \(limit) objects, and this one \(count)")
    }
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x20, 0x09, 0x0A, 0x0D: true
    default: false
    }
  }

  private static func items(
    _ body: UnsafeBufferPointer<UInt8>
  ) throws(JSONFailure) -> [UnsafeBufferPointer<UInt8>] {
    var reader = JSONReader(body, depthLimit: 3)
    _ = try reader.next()
    var items: [UnsafeBufferPointer<UInt8>] = []
    while true {
      let before = reader.offset
      let token = try reader.next()
      if token == .endArray { break }
      try reader.skip(token)
      // From behind the item before to behind this one: its comma and the space around it as well.
      let item = body[before..<reader.offset].drop { isSpace($0) || $0 == UInt8(ascii: ",") }
      items.append(UnsafeBufferPointer(rebasing: item))
    }
    _ = try reader.next()
    return items
  }
}

/// Why a body is no batch of usage.
struct UsageBatchFailure: Error {
  let message: String
}
