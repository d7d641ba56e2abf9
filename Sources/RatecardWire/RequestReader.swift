public import Ratecard
public import RatecardJSON
internal import RatecardValues

/// Reads requests as programs write them.
public enum RequestReader {
  /// Reads a JSON object of scalars; `null` is absent.
  public static func request(
    json: UnsafeBufferPointer<UInt8>
  ) throws(RequestError) -> [String: RequestValue] {
    var reader = JSONReader(json, depthLimit: 2)
    return try request(&reader)
  }

  /// Reads a JSON object of scalars from a reader at the start of its document.
  public static func request(
    _ reader: inout JSONReader
  ) throws(RequestError) -> [String: RequestValue] {
    guard try next(&reader) == .beginObject else {
      throw RequestError(.invalidRequest, "a request is a JSON object")
    }
    var request: [String: RequestValue] = [:]
    request.reserveCapacity(16)
    while case .key(let slice) = try next(&reader) {
      let name = reader.text(of: slice)
      guard request.updateValue(try value(&reader, of: name), forKey: name) == nil else {
        // The reader refuses the same bytes, so these are two names; no card has both.
        throw RequestError(
          .invalidRequest, "two names in the request look like `\(name)`", attribute: name)
      }
    }
    _ = try next(&reader)
    return request
  }

  private static func value(
    _ reader: inout JSONReader, of name: String
  ) throws(RequestError) -> RequestValue {
    switch try next(&reader) {
    case .string(let slice): return .text(reader.text(of: slice))
    case .bool(let flag): return .flag(flag)
    case .null: return .absent
    case .number(let slice):
      do throws(Number.Failure) { return .number(try Number(json: reader.bytes(of: slice))) } catch
      {
        throw RequestError(
          .invalidRequest,
          "`\(reader.text(of: slice))` of `\(name)` is out of bounds: "
            + "a number has at most 60 digits on either side of the point, 38 in all that count",
          attribute: name)
      }
    default:
      throw RequestError(
        .invalidRequest, "the value of `\(name)` is neither text, a number, true, false nor null",
        attribute: name)
    }
  }

  private static func next(_ reader: inout JSONReader) throws(RequestError) -> JSONToken {
    do { return try reader.next() } catch {
      throw RequestError(.invalidRequest, "the request is not JSON: \(error)")
    }
  }
}
