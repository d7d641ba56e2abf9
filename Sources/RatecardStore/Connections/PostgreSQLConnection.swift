#if PostgreSQL
  internal import CPostgreSQL
  internal import Glibc

  /// libpq's handle: a connection to a server.
  private struct PostgreSQLHandle: ~Copyable {
    let connection: OpaquePointer

    deinit { PQfinish(connection) }
  }

  /// A connection with what was prepared on it; both go when the server does.
  private final class Link {
    let handle: PostgreSQLHandle
    var isPrepared = [Bool](repeating: false, count: Statement.allCases.count)

    init(_ handle: consuming PostgreSQLHandle) { self.handle = handle }

    var connection: OpaquePointer { handle.connection }
  }

  /// A connection to a PostgreSQL server, made when it is first needed and again when it was lost;
  /// this file and `PostgreSQLResult` alone know libpq's types.
  final class PostgreSQLConnection: Connection {
    let dialect = Dialect.postgreSQL
    private let url: String
    private let patience: ServerPatience
    private let outage: ServerOutage
    private var link: Link?
    private var isInTransaction = false

    /// How many executions go to the server before its answers are read: few enough that what it answers
    /// never takes much memory.
    private static let chunk = 64
    private static let names = Statement.allCases.map { "ratecard_\($0.rawValue)" }

    /// Makes a connection; those to the same server share what is known of its outage.
    init(url: String, patience: ServerPatience = ServerPatience(), outage: ServerOutage? = nil) {
      self.url = url
      self.patience = patience
      self.outage = outage ?? ServerOutage(patience)
    }

    // MARK: The server

    private func linked() throws(StoreFailure.Reason) -> Link {
      if let link { return link }
      guard !isInTransaction else { throw .lostConnection("it broke within a transaction") }
      if let refusal = outage.refusal() { throw refusal }
      do throws(StoreFailure.Reason) {
        let made = try connect()
        outage.end()
        return made
      } catch {
        link = nil
        outage.begin(error)
        throw error
      }
    }

    private func connect() throws(StoreFailure.Reason) -> Link {
      let address = patience.completed(url)
      // What libpq says of an address that it cannot read repeats it, with its password.
      guard let parts = PQconninfoParse(address, nil) else {
        throw .engine("its address is malformed; write special characters of a password as %XX")
      }
      PQconninfoFree(parts)
      // libpq counts by the time of day how long a connection takes; a clock that is set meanwhile is
      // no reason to give the server up.
      let clock = ClockJump()
      var made = try open(address)
      if PQstatus(made.connection) != CONNECTION_OK, clock.hasJumped { made = try open(address) }
      let connection = made.connection
      guard PQstatus(connection) == CONNECTION_OK, PQsetnonblocking(connection, 1) == 0 else {
        throw .lostConnection(Self.line(PQerrorMessage(connection)))
      }
      PQsetNoticeReceiver(connection, { _, _ in }, nil)
      link = made
      guard try text("SHOW server_encoding") == "UTF8" else {
        throw .engine("the database is not encoded in UTF-8")
      }
      // Durable means durable, whatever the server is used for beside.
      if try text("SHOW synchronous_commit") == "off" { try execute("SET synchronous_commit = on") }
      for setting in patience.settings { try execute(setting) }
      return made
    }

    private func open(_ address: String) throws(StoreFailure.Reason) -> Link {
      guard let connection = PQconnectdb(address) else {
        throw .engine("no memory for a connection")
      }
      return Link(PostgreSQLHandle(connection: connection))
    }

    /// Waits until the next result is there, sending meanwhile what is still to be sent.
    private func awaitResult(_ link: Link, until deadline: Int64) throws(StoreFailure.Reason) {
      let connection = link.connection
      while true {
        let unsent = PQflush(connection)
        guard unsent >= 0 else { throw lost(connection) }
        if PQisBusy(connection) == 0 { return }
        let left = deadline - ServerOutage.milliseconds
        guard left > 0 else {
          self.link = nil
          outage.begin(.late)
          throw .late
        }
        var wait = pollfd(
          fd: PQsocket(connection), events: Int16(unsent > 0 ? POLLIN | POLLOUT : POLLIN),
          revents: 0)
        guard poll(&wait, 1, Int32(clamping: left)) >= 0 || errno == EINTR else {
          throw lost(connection)
        }
        if Int32(wait.revents) & ~POLLOUT != 0, PQconsumeInput(connection) != 1 {
          throw lost(connection)
        }
      }
    }

    private var deadline: Int64 { ServerOutage.milliseconds + patience.answerMilliseconds }

    /// The one result of what was sent.
    private func reply(
      _ isSent: Int32, _ link: Link
    ) throws(StoreFailure.Reason) -> PostgreSQLResult {
      guard isSent == 1 else { throw lost(link.connection) }
      let deadline = deadline
      try awaitResult(link, until: deadline)
      let result = PostgreSQLResult(PQgetResult(link.connection))
      if let failure = failure(result) {
        if self.link != nil { try finish(link, until: deadline) }
        throw failure
      }
      try finish(link, until: deadline)
      return result
    }

    /// Reads until nothing more comes.
    private func finish(_ link: Link, until deadline: Int64) throws(StoreFailure.Reason) {
      while true {
        try awaitResult(link, until: deadline)
        guard let rest = PQgetResult(link.connection) else { return }
        PQclear(rest)
      }
    }

    /// Calls for something that may be done again when the server has gone away since the last use.
    private func again<Answer>(
      _ body: () throws(StoreFailure.Reason) -> Answer
    ) throws(StoreFailure.Reason) -> Answer {
      let hadLink = link != nil
      do throws(StoreFailure.Reason) {
        return try body()
      } catch {
        guard case .lostConnection = error, hadLink, !isInTransaction else { throw error }
        return try body()
      }
    }

    // MARK: Statements

    func run(_ statement: Statement, _ parameters: Cells) throws(StoreFailure.Reason) -> Cells {
      try again { () throws(StoreFailure.Reason) in try runOnce(statement, parameters) }
    }

    private func runOnce(
      _ statement: Statement, _ parameters: Cells
    ) throws(StoreFailure.Reason) -> Cells {
      let link = try linked()
      if !link.isPrepared[statement.rawValue] {
        _ = try reply(
          PQsendPrepare(
            link.connection, Self.names[statement.rawValue], dialect.text(statement.sql), 0, nil),
          link)
        link.isPrepared[statement.rawValue] = true
      }
      var answer: Cells?
      var first = 0
      let count = parameters.count
      while first < count {
        let last = min(count, first + Self.chunk)
        try run(statement, parameters, first..<last, link, &answer)
        first = last
      }
      return answer ?? Cells(columns: 0)
    }

    /// Sends a few executions at once, then reads their answers.
    private func run(
      _ statement: Statement, _ parameters: Cells, _ executions: Range<Int>, _ link: Link,
      _ answer: inout Cells?
    ) throws(StoreFailure.Reason) {
      let connection = link.connection
      guard PQenterPipelineMode(connection) == 1 else { throw lost(connection) }
      var sent = 0
      for execution in executions {
        guard Self.send(statement, parameters, execution, connection) else { break }
        sent += 1
      }
      guard sent == executions.count, PQpipelineSync(connection) == 1 else {
        throw lost(connection)
      }
      var problem: StoreFailure.Reason?
      let deadline = deadline
      for execution in executions {
        // Each execution answers with one result, and then with none.
        while true {
          try awaitResult(link, until: deadline)
          guard let pointer = PQgetResult(connection) else { break }
          let result = PostgreSQLResult(pointer)
          if problem == nil { problem = failure(result) }
          if problem == nil { result.append(to: &answer, execution: execution) }
          if self.link == nil { break }
        }
        if let problem, self.link == nil { throw problem }
      }
      // What the end of the batch answers with.
      try awaitResult(link, until: deadline)
      PQclear(PQgetResult(connection))
      if PQexitPipelineMode(connection) != 1 { throw lost(connection) }
      if let problem { throw problem }
    }

    private static func send(
      _ statement: Statement, _ parameters: Cells, _ execution: Int, _ connection: OpaquePointer
    ) -> Bool {
      let columns = parameters.columns
      let first = execution * columns
      // Integers travel as text too.
      var digits: [UInt8] = []
      var places = [Int](repeating: 0, count: columns)
      for column in 0..<columns where parameters.cells[first + column].kind == .integer {
        places[column] = digits.count
        digits.append(contentsOf: String(parameters.cells[first + column].value).utf8)
        digits.append(0)
      }
      // SAFETY: what is pointed at lies in `bytes` and `digits`, texts with a 0 behind them; libpq
      // copies it before it returns.
      return parameters.bytes.withUnsafeBytes { bytes in
        digits.withUnsafeBytes { digits in
          var values: [UnsafePointer<CChar>?] = []
          var lengths: [Int32] = []
          var formats: [Int32] = []
          for column in 0..<columns {
            let cell = parameters.cells[first + column]
            let start: UnsafeRawPointer?
            switch cell.kind {
            case .null: start = nil
            case .integer: start = digits.baseAddress.map { $0 + places[column] }
            case .text: start = bytes.baseAddress.map { $0 + Int(cell.value) }
            // No bytes at all are still no null.
            case .bytes: start = bytes.baseAddress.map { $0 + Int(cell.value) } ?? emptyBytes
            }
            values.append(start?.assumingMemoryBound(to: CChar.self))
            lengths.append(cell.count)
            formats.append(cell.kind == .bytes ? 1 : 0)
          }
          return PQsendQueryPrepared(
            connection, names[statement.rawValue], Int32(columns), values, lengths, formats, 0) == 1
        }
      }
    }

    // SAFETY: an address that nothing is read from or written to.
    nonisolated(unsafe) private static let emptyBytes: UnsafeRawPointer? =
      UnsafeRawPointer(UnsafeMutableRawPointer.allocate(byteCount: 1, alignment: 1))

    func execute(_ sql: String) throws(StoreFailure.Reason) {
      let link = try linked()
      _ = try reply(PQsendQuery(link.connection, dialect.text(sql)), link)
    }

    /// The text that a statement answers with; nil for no row.
    private func text(_ sql: String) throws(StoreFailure.Reason) -> String? {
      let link = try linked()
      return try reply(PQsendQuery(link.connection, sql), link).firstText
    }

    // MARK: Transactions

    func begin() throws(StoreFailure.Reason) {
      try again { () throws(StoreFailure.Reason) in
        try execute("BEGIN ISOLATION LEVEL READ COMMITTED")
      }
      isInTransaction = true
    }

    func commit() throws(StoreFailure.Reason) {
      let link = try linked()
      let result = try reply(PQsendQuery(link.connection, "COMMIT"), link)
      isInTransaction = false
      // A transaction that failed is ended by this too, with another answer.
      guard result.command == "COMMIT" else { throw .engine("the server undid a transaction") }
    }

    func rollback() {
      guard isInTransaction else { return }
      isInTransaction = false
      guard let link else { return }
      do { _ = try reply(PQsendQuery(link.connection, "ROLLBACK"), link) } catch {
        self.link = nil
      }
    }

    func schemaVersion() throws(StoreFailure.Reason) -> Int {
      if isInTransaction {
        do throws(StoreFailure.Reason) {
          try execute(
            """
            CREATE TABLE IF NOT EXISTS ratecard_schema (
              id bigint NOT NULL PRIMARY KEY, version bigint NOT NULL)
            """)
        } catch {
          // Where two make the table at once, one of them fails in one of several ways.
          guard case .engine = error else { throw error }
          throw .contended
        }
        try execute(
          "INSERT INTO ratecard_schema (id, version) VALUES (1, 0) ON CONFLICT (id) DO NOTHING")
        return Int(
          try text("SELECT version FROM ratecard_schema WHERE id = 1 FOR UPDATE") ?? "") ?? 0
      }
      let isThere = try text(
        """
        SELECT table_name FROM information_schema.tables
        WHERE table_schema = current_schema() AND table_name = 'ratecard_schema'
        """)
      if isThere == nil { return 0 }
      return Int(try text("SELECT version FROM ratecard_schema WHERE id = 1") ?? "") ?? 0
    }

    func setSchemaVersion(_ version: Int) throws(StoreFailure.Reason) {
      try execute("UPDATE ratecard_schema SET version = \(version) WHERE id = 1")
    }

    func wasWrittenElsewhere() throws(StoreFailure.Reason) -> Bool { false }

    // MARK: Failures

    private func lost(_ connection: OpaquePointer) -> StoreFailure.Reason {
      let message = Self.line(PQerrorMessage(connection))
      link = nil
      return .lostConnection(message)
    }

    /// What a result says went wrong; a connection that broke is let go of.
    private func failure(_ result: borrowing PostgreSQLResult) -> StoreFailure.Reason? {
      if result.isFine { return nil }
      let message = Self.line(result.message)
      let state = result.state
      if let link, PQstatus(link.connection) == CONNECTION_BAD {
        self.link = nil
        return .lostConnection(message)
      }
      switch state {
      case "40001", "40P01": return .contended
      case "53100": return .diskFull
      case "25006": return .readOnly
      case "55P03": return .busy
      case "57014": return .late
      case "42P07": return .foreign
      case "XX001", "XX002": return .corrupt(message)
      default: return .engine(message)
      }
    }

    /// The first line of a message, without the severity before it.
    private static func line(_ message: UnsafePointer<CChar>?) -> String {
      let text = message.map { String(cString: $0) } ?? ""
      let first = text.split(separator: "\n").first.map(String.init) ?? "no reason given"
      for severity in ["ERROR:  ", "FATAL:  "] where first.hasPrefix(severity) {
        return String(first.dropFirst(severity.count))
      }
      return first
    }
  }
#endif
