internal import Glibc

/// The versions of the tables, each made from the one before it in one transaction.
///
/// A version that was released never changes; what is to be different becomes a version of its own.
enum Migration {
  /// The version this program knows.
  static let latest = versions.count

  /// Brings the tables to the latest version; any number of processes may do so at once.
  static func run(
    on connection: any Connection, upTo target: Int = latest
  ) throws(StoreFailure.Reason) {
    var attempts = 0
    while true {
      let found = try connection.schemaVersion()
      guard found <= latest else { throw .newerSchema(found: found, known: latest) }
      if found >= target { return }
      do throws(StoreFailure.Reason) {
        try step(connection, target)
      } catch {
        connection.rollback()
        // Another process made the same tables at the same moment.
        attempts += 1
        guard error == .contended, attempts < 100 else { throw error }
        usleep(10_000)
      }
    }
  }

  /// Makes one version of the one before it, unless another process has.
  private static func step(
    _ connection: any Connection, _ target: Int
  ) throws(StoreFailure.Reason) {
    try connection.begin()
    // Asked again now that no other process can change it.
    let found = try connection.schemaVersion()
    if found < target {
      for statement in versions[found] { try connection.execute(statement) }
      try connection.setSchemaVersion(found + 1)
    }
    try connection.commit()
  }

  /// The statements that make each version from the one before it, with the marks of `Dialect`.
  static let versions: [[String]] = [
    [
      """
      CREATE TABLE ratecard_usage (
        sequence {sequence}, id {text} NOT NULL UNIQUE, customer {text} NOT NULL,
        occurred_at {integer} NOT NULL, recorded_at {integer} NOT NULL,
        credits {decimal} NOT NULL, rule {text} NOT NULL, adjustments {text},
        ratecard {text} NOT NULL, version {text} NOT NULL, decision {text},
        attributes {text} NOT NULL, fingerprint {bytes} NOT NULL, ships {integer} NOT NULL,
        dropped_at {integer}){table}
      """,
      """
      CREATE TABLE ratecard_dead_letter (
        sequence {sequence}, id {text} NOT NULL UNIQUE, customer {text} NOT NULL,
        body {text} NOT NULL, fingerprint {bytes} NOT NULL, code {text} NOT NULL,
        message {text} NOT NULL, at {integer} NOT NULL){table}
      """,
      """
      CREATE TABLE ratecard_customer (
        id {text} NOT NULL PRIMARY KEY, plan {text}, plan_at {integer}, plan_source {text},
        tier {text}, balance {decimal}, balance_at {integer}, balance_source {text},
        pending {decimal} NOT NULL, held {decimal} NOT NULL,
        updated_at {integer} NOT NULL){keyed table}
      """,
      """
      CREATE TABLE ratecard_tier_change (
        sequence {sequence}, customer {text} NOT NULL, from_tier {text}, to_tier {text},
        cause {text} NOT NULL, at {integer} NOT NULL){table}
      """,
      """
      CREATE INDEX ratecard_tier_change_customer ON ratecard_tier_change (customer, sequence)
      """,
      """
      CREATE TABLE ratecard_notice (
        sequence {sequence}, customer {text} NOT NULL, cause {text} NOT NULL, text {text} NOT NULL,
        at {integer} NOT NULL, UNIQUE (customer, cause)){table}
      """,
      """
      CREATE TABLE ratecard_card (
        version {text} NOT NULL PRIMARY KEY, name {text} NOT NULL,
        used_at {integer} NOT NULL){keyed table}
      """,
      """
      CREATE TABLE ratecard_card_file (
        version {text} NOT NULL, path {text} NOT NULL, bytes {bytes} NOT NULL,
        PRIMARY KEY (version, path)){table}
      """,
      """
      CREATE TABLE ratecard_outbox (
        sequence {integer} NOT NULL PRIMARY KEY, due {integer}, owner {text},
        attempts {integer} NOT NULL, fate_unknown {integer} NOT NULL, failure {text}){table}
      """,
      "CREATE INDEX ratecard_outbox_due ON ratecard_outbox (due, sequence)",
      """
      CREATE TABLE ratecard_secret (
        name {text} NOT NULL PRIMARY KEY, bytes {bytes} NOT NULL){table}
      """,
    ],
    [
      """
      CREATE TABLE ratecard_webhook (
        id {text} NOT NULL PRIMARY KEY, at {integer} NOT NULL){keyed table}
      """,
      "CREATE INDEX ratecard_webhook_at ON ratecard_webhook (at, id)",
      """
      CREATE TABLE ratecard_reservation (
        id {text} NOT NULL PRIMARY KEY, customer {text} NOT NULL, amount {decimal} NOT NULL,
        at {integer} NOT NULL, expires_at {integer} NOT NULL, detail {text} NOT NULL){table}
      """,
      """
      CREATE INDEX ratecard_reservation_customer
        ON ratecard_reservation (customer, expires_at)
      """,
      "CREATE INDEX ratecard_reservation_expiry ON ratecard_reservation (expires_at, id)",
    ],
    [
      """
      CREATE TABLE ratecard_trail (
        customer {text} NOT NULL PRIMARY KEY, messages {text} NOT NULL){keyed table}
      """
    ],
    [
      // Which way an event goes, and why it failed, were told by how its failure began.
      "ALTER TABLE ratecard_outbox ADD COLUMN way {text}",
      "ALTER TABLE ratecard_outbox ADD COLUMN code {text}",
      """
      UPDATE ratecard_outbox SET way = 'ledger', failure = substr(failure, 15)
        WHERE substr(failure, 1, 14) = 'ledger debit: '
      """,
      """
      UPDATE ratecard_outbox SET way = 'held', failure = substr(failure, 7)
        WHERE substr(failure, 1, 6) = 'held: '
      """,
      """
      UPDATE ratecard_outbox SET code = CASE WHEN due IS NOT NULL THEN 'not_taken'
        WHEN way = 'held' AND substr(failure, 1, 11) = 'it is from ' THEN 'held'
        ELSE 'refused' END WHERE failure IS NOT NULL
      """,
      """
      CREATE TABLE ratecard_posting (
        sequence {integer} NOT NULL PRIMARY KEY, id {text} NOT NULL UNIQUE,
        since {integer} NOT NULL, due {integer}, owner {text}, attempts {integer} NOT NULL,
        failure {text}, code {text}){table}
      """,
      "CREATE INDEX ratecard_posting_due ON ratecard_posting (due, sequence)",
      """
      CREATE TABLE ratecard_correction (
        sequence {sequence}, id {text} NOT NULL, at {integer} NOT NULL, source {text} NOT NULL,
        from_fields {text} NOT NULL, to_fields {text} NOT NULL){table}
      """,
      "CREATE INDEX ratecard_correction_id ON ratecard_correction (id, sequence)",
    ],
    [
      """
      CREATE TABLE ratecard_provider_id (
        customer {text} NOT NULL PRIMARY KEY, id {text} NOT NULL UNIQUE){keyed table}
      """
    ],
    [
      // Nothing could make a reservation before.
      "DROP TABLE ratecard_reservation",
      """
      CREATE TABLE ratecard_reservation (
        id {text} NOT NULL PRIMARY KEY, customer {text} NOT NULL, amount {decimal} NOT NULL,
        at {integer} NOT NULL, expires_at {integer} NOT NULL, detail {text} NOT NULL,
        fingerprint {bytes} NOT NULL){table}
      """,
      """
      CREATE INDEX ratecard_reservation_customer
        ON ratecard_reservation (customer, expires_at)
      """,
      "CREATE INDEX ratecard_reservation_expiry ON ratecard_reservation (expires_at, id)",
      """
      CREATE TABLE ratecard_ended_reservation (
        id {text} NOT NULL PRIMARY KEY, customer {text} NOT NULL, amount {decimal} NOT NULL,
        at {integer} NOT NULL, expires_at {integer} NOT NULL, detail {text} NOT NULL,
        fingerprint {bytes} NOT NULL, ending {text} NOT NULL, ended_at {integer} NOT NULL){table}
      """,
      "CREATE INDEX ratecard_ended_reservation_at ON ratecard_ended_reservation (ended_at, id)",
      """
      CREATE TABLE ratecard_shipped (
        sequence {integer} NOT NULL PRIMARY KEY, customer {text} NOT NULL,
        credits {decimal} NOT NULL, at {integer} NOT NULL){table}
      """,
      "CREATE INDEX ratecard_shipped_customer ON ratecard_shipped (customer, at)",
      "CREATE INDEX ratecard_shipped_at ON ratecard_shipped (at, sequence)",
      """
      CREATE TABLE ratecard_account (
        customer {text} NOT NULL PRIMARY KEY, lead {decimal} NOT NULL, ahead {decimal} NOT NULL,
        stated_at {integer}){keyed table}
      """,
    ],
  ]
}
