#if PostgreSQL
  internal import CPostgreSQL

  /// What a server answered.
  struct PostgreSQLResult: ~Copyable {
    private let result: OpaquePointer?

    /// Takes what libpq gave; nil where it had no memory or no connection.
    init(_ result: OpaquePointer?) { self.result = result }

    deinit { PQclear(result) }

    var isFine: Bool {
      switch PQresultStatus(result) {
      case PGRES_COMMAND_OK, PGRES_TUPLES_OK: true
      default: false
      }
    }

    /// The server's code for what went wrong.
    var state: String {
      let field = PQresultErrorField(result, Int32(UInt8(ascii: "C")))
      return field.map { String(cString: $0) } ?? ""
    }

    var message: UnsafePointer<CChar>? { PQresultErrorMessage(result).map { UnsafePointer($0) } }

    var command: String { PQcmdStatus(result).map { String(cString: $0) } ?? "" }

    var firstText: String? {
      PQntuples(result) == 0 ? nil : PQgetvalue(result, 0, 0).map { String(cString: $0) }
    }

    func append(to answer: inout Cells?, execution: Int) {
      let columns = PQnfields(result)
      var cells = answer ?? Cells(columns: Int(columns))
      answer = nil
      for row in 0..<PQntuples(result) {
        for column in 0..<columns {
          guard PQgetisnull(result, row, column) == 0, let start = PQgetvalue(result, row, column)
          else {
            cells.null()
            continue
          }
          let count = Int(PQgetlength(result, row, column))
          start.withMemoryRebound(to: UInt8.self, capacity: count) { start in
            let text = UnsafeBufferPointer(start: start, count: count)
            switch PQftype(result, column) {
            // int8, int2 and int4
            case 20, 21, 23: cells.integer(Self.integer(text))
            // bytea
            case 17: cells.blob(Self.bytes(text))
            default: cells.text(text)
            }
          }
        }
        cells.endRow(of: execution)
      }
      answer = cells
    }

    private static func integer(_ text: UnsafeBufferPointer<UInt8>) -> Int64 {
      Int64(String(decoding: text, as: UTF8.self)) ?? 0
    }

    /// `\x` and two hexadecimal digits a byte.
    private static func bytes(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
      func value(_ digit: UInt8) -> UInt8 {
        digit <= UInt8(ascii: "9") ? digit &- UInt8(ascii: "0") : digit &- UInt8(ascii: "a") &+ 10
      }
      return stride(from: 2, to: text.count - 1, by: 2).map {
        value(text[$0]) << 4 | value(text[$0 + 1])
      }
    }
  }
#endif
