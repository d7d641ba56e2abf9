internal import RatecardValues

/// A dialect of SQL that a card can be written in.
public enum SQLDialect: String, CaseIterable, Sendable {
  case duckdb, postgres, spark

  /// The type of whole numbers of up to 38 digits.
  var integerType: String {
    switch self {
    case .duckdb: "HUGEINT"
    case .postgres: "NUMERIC"
    case .spark: "DECIMAL(38, 0)"
    }
  }

  /// A whole number of `integerType`.
  func integer(_ number: Int128) -> String { "CAST(\(number) AS \(integerType))" }

  /// The whole part of a quotient of two numbers that are not negative.
  func quotient(_ dividend: String, _ divisor: Int128) -> String {
    switch self {
    case .duckdb: "(\(dividend)) // \(divisor)"
    case .postgres: "div(\(dividend), \(divisor))"
    case .spark: "CAST((\(dividend)) div \(integer(divisor)) AS \(integerType))"
    }
  }

  /// The most that the whole part of a quotient may be; Spark's is a 64-bit integer.
  var largestQuotient: Int128 { self == .spark ? Int128(Int64.max) : SQLInteger.limit }

  /// A name, whatever it is called.
  func name(_ name: String) -> String {
    let quote: Unicode.Scalar = self == .spark ? "`" : "\""
    var quoted = String.UnicodeScalarView([quote])
    // Scalars, not characters: an accent behind a quote would hide it.
    for scalar in name.unicodeScalars {
      if scalar == quote { quoted.append(quote) }
      quoted.append(scalar)
    }
    quoted.append(quote)
    return String(quoted)
  }

  /// A text, byte for byte.
  func text(_ text: String) throws(SQLRefusal) -> String {
    var result = "'"
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\0": throw SQLRefusal("a text with the character U+0000 is none in SQL")
      case "'": result += self == .spark ? "\\'" : "''"
      case "\\" where self == .spark: result += "\\\\"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "'"
  }

  /// The pattern of `LIKE … ESCAPE '!'` that takes what a glob takes.
  func pattern(_ glob: Glob) throws(SQLRefusal) -> String {
    var pattern = ""
    for (index, segment) in glob.segments.enumerated() {
      if index > 0 { pattern += "%" }
      for scalar in String(decoding: segment, as: UTF8.self).unicodeScalars {
        if scalar == "%" || scalar == "_" || scalar == "!" { pattern += "!" }
        pattern.unicodeScalars.append(scalar)
      }
    }
    return try text(pattern)
  }

  /// A point in time.
  func instant(_ instant: Instant) throws(SQLRefusal) -> String {
    guard instant.nanoseconds % 1_000 == 0 else {
      throw SQLRefusal("\(instant) is finer than a microsecond")
    }
    return "\(self == .spark ? "TIMESTAMP" : "TIMESTAMPTZ") '\(instant)'"
  }

  // MARK: Clocks

  /// What the clocks of a zone show at an instant, as a timestamp without a zone.
  func clock(_ zone: Zone, at instant: String) throws(SQLRefusal) -> String {
    let name = try text(zone.name)
    guard self == .spark else { return "timezone(\(name), \(instant))" }
    // Whatever the session's zone is.
    let utc =
      "timestampadd(MICROSECOND, unix_micros(\(instant)), TIMESTAMP_NTZ '1970-01-01 00:00:00')"
    return zone == .utc ? utc : "convert_timezone('UTC', \(name), \(utc))"
  }

  /// The second of the day that a clock shows, with its fraction.
  func secondOfDay(_ clock: String) -> String {
    "(EXTRACT(HOUR FROM \(clock)) * 3600 + EXTRACT(MINUTE FROM \(clock)) * 60"
      + " + EXTRACT(SECOND FROM \(clock)))"
  }

  /// An instant some whole seconds earlier.
  func instant(_ instant: String, less seconds: String) -> String {
    switch self {
    case .duckdb: "(\(instant) - to_seconds(CAST(floor(\(seconds)) AS BIGINT)))"
    case .postgres: "(\(instant) - make_interval(secs => floor(\(seconds))))"
    case .spark: "timestampadd(SECOND, -CAST(floor(\(seconds)) AS INT), \(instant))"
    }
  }

  /// The weekday of a date, Monday being 1.
  func weekday(_ date: String) -> String {
    "EXTRACT(\(self == .spark ? "DAYOFWEEK_ISO" : "ISODOW") FROM \(date))"
  }

  // MARK: Rows

  /// The whole of a row of `given_row`, as one value.
  var row: String { self == .spark ? "struct(given_row.*)" : "given_row" }

  /// Everything in the row that a stage carries as `given_row`.
  var allOfRow: String { self == .postgres ? "(given_row).*" : "given_row.*" }

  /// What keeps a stage from being written into the one after it, once for each use of a column.
  var stageEnd: String { self == .postgres ? " OFFSET 0" : "" }
}
