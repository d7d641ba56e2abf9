/// Every statement that reads or writes while the store is used.
///
/// Both engines get the same text, but for the marks that `Dialect` replaces. Parameters are
/// numbered in the order in which they first stand in the text: SQLite takes them for names.
/// `Documentation/store.md` lists them, as what an engine must understand.
enum Statement: Int, CaseIterable {
  // Usage
  case addUsage, usage, forgetUsage
  case keepDeadLetter, anyDeadLetter, forgetDeadLetter, deadLetters, deadLetter
  // Customers
  case addCustomer, setPending, lockCustomer, customer, setCustomer
  case addTierChange, tierChanges, latestTierChanges, addNotice, notices, latestNotices, trail
  case setTrail
  case addProviderID, providerID, providerCustomer
  // Cards
  case touchCard, addCard, addCardFile, card, cardFiles
  // The outbox
  case enqueue, dueEvents, leaseEvent, outboxEvent, finishEvent, postponeEvent, buryEvent
  case reviveEvent, waitingByUsage, dropEvent, outbox, outboxByID, outboxCounts, oldestEvent,
    deadLetterCount
  case outboxEntries, deadLetterEntries, reassignDead, reassignUsage, droppedUsage
  // Corrections, and notices that are posted
  case addCorrection, corrections
  case addPosting, duePostings, leasePosting, posting, finishPosting, postponePosting, buryPosting
  case revivePosting, dropPosting, postingByID, postingEntries, postingCounts
  // Webhooks and reservations
  case addWebhook
  case lockReservation, addReservation, endReservation, reservation, endExpired
  case expiredReservations, heldAmounts, keepEnded, endedReservation
  // What the provider has deducted
  case noteShipped, settleShipped, account, setAccount
  // Secrets
  case addSecret, secret
  // What may be forgotten
  case oldCards, forgetCard, forgetCardFiles, oldUsage, oldWebhooks, forgetWebhook
  case oldNotices, forgetNotice, oldTierChanges, forgetTierChange
  case oldReservations, forgetReservation, oldShipped

  /// Whether it answers with a row for each execution that changed something: the sequence of a row
  /// that was added, and otherwise whatever.
  var tellsChanges: Bool { Self.changeTellers[rawValue] }

  private static let changeTellers: [Bool] = allCases.map { $0.sql.contains("{returning ") }

  /// How many parameters it takes.
  var parameters: Int { Self.parameterCounts[rawValue] }

  private static let parameterCounts: [Int] = allCases.map { statement in
    let numbers = statement.sql.split(separator: "$").dropFirst().map {
      Int($0.prefix { ("0"..."9").contains($0) }) ?? 0
    }
    return numbers.max() ?? 0
  }

  private static let usageColumns = """
    id, customer, occurred_at, recorded_at, credits, rule, adjustments, ratecard, version, \
    decision, attributes, fingerprint, ships
    """
  private static let qualifiedUsageColumns = """
    u.id, u.customer, u.occurred_at, u.recorded_at, u.credits, u.rule, u.adjustments, u.ratecard, \
    u.version, u.decision, u.attributes, u.fingerprint, u.ships
    """
  private static let outboxColumns = """
    o.sequence, o.due, o.owner, o.attempts, o.fate_unknown, o.failure, o.code, o.way
    """
  private static let postingColumns = """
    p.sequence, p.id, p.since, p.due, p.owner, p.attempts, p.failure, p.code, n.customer, n.text, \
    n.cause, n.at
    """
  /// Enough of a reason to tell it from others in a list.
  private static let summaryLength = 300
  private static let customerColumns = """
    id, plan, plan_at, plan_source, tier, balance, balance_at, balance_source, pending, held, \
    updated_at
    """
  private static let deadLetterColumns = "id, customer, body, fingerprint, code, message, at"
  private static let reservationColumns = """
    id, customer, amount, at, expires_at, detail, fingerprint
    """

  /// Its text, with the marks of `Dialect`.
  var sql: String {
    switch self {
    case .addUsage:
      """
      INSERT INTO ratecard_usage (\(Self.usageColumns)) \
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
      ON CONFLICT (id) DO NOTHING{returning sequence}
      """
    case .usage: "SELECT \(Self.usageColumns) FROM ratecard_usage WHERE id = $1"
    case .forgetUsage: "DELETE FROM ratecard_usage WHERE sequence = $1"
    case .keepDeadLetter:
      """
      INSERT INTO ratecard_dead_letter (\(Self.deadLetterColumns)) \
      VALUES ($1, $2, $3, $4, $5, $6, $7) \
      ON CONFLICT (id) DO UPDATE SET customer = excluded.customer, body = excluded.body, \
      fingerprint = excluded.fingerprint, code = excluded.code, message = excluded.message, \
      at = excluded.at WHERE excluded.at >= ratecard_dead_letter.at
      """
    case .anyDeadLetter: "SELECT sequence FROM ratecard_dead_letter LIMIT 1"
    case .forgetDeadLetter: "DELETE FROM ratecard_dead_letter WHERE id = $1{returning sequence}"
    case .deadLetters:
      """
      SELECT sequence, \(Self.deadLetterColumns) FROM ratecard_dead_letter \
      WHERE sequence > $1 ORDER BY sequence LIMIT $2
      """
    case .deadLetter:
      "SELECT \(Self.deadLetterColumns) FROM ratecard_dead_letter WHERE id = $1"
    case .addCustomer:
      """
      INSERT INTO ratecard_customer (id, pending, held, updated_at) VALUES ($1, '0', '0', 0) \
      ON CONFLICT (id) DO NOTHING
      """
    case .setPending: "UPDATE ratecard_customer SET pending = $1, updated_at = $2 WHERE id = $3"
    case .lockCustomer:
      "SELECT \(Self.customerColumns) FROM ratecard_customer WHERE id = $1{lock}"
    case .customer: "SELECT \(Self.customerColumns) FROM ratecard_customer WHERE id = $1"
    case .setCustomer:
      """
      UPDATE ratecard_customer SET plan = $1, plan_at = $2, plan_source = $3, tier = $4, \
      balance = $5, balance_at = $6, balance_source = $7, pending = $8, held = $9, \
      updated_at = $10 WHERE id = $11
      """
    case .addTierChange:
      """
      INSERT INTO ratecard_tier_change (customer, from_tier, to_tier, cause, at) \
      VALUES ($1, $2, $3, $4, $5)
      """
    case .tierChanges:
      """
      SELECT sequence, customer, from_tier, to_tier, cause, at FROM ratecard_tier_change \
      WHERE customer = $1 AND sequence > $2 ORDER BY sequence LIMIT $3
      """
    case .latestTierChanges:
      """
      SELECT sequence, customer, from_tier, to_tier, cause, at FROM ratecard_tier_change \
      WHERE customer = $1 ORDER BY sequence DESC LIMIT $2
      """
    case .addNotice:
      """
      INSERT INTO ratecard_notice (customer, text, cause, at) VALUES ($1, $2, $3, $4) \
      ON CONFLICT (customer, cause) DO NOTHING{returning sequence}
      """
    case .notices:
      """
      SELECT sequence, customer, text, cause, at FROM ratecard_notice \
      WHERE customer = $1 AND sequence > $2 ORDER BY sequence LIMIT $3
      """
    case .latestNotices:
      """
      SELECT sequence, customer, text, cause, at FROM ratecard_notice \
      WHERE customer = $1 ORDER BY sequence DESC LIMIT $2
      """
    case .trail: "SELECT messages FROM ratecard_trail WHERE customer = $1"
    case .setTrail:
      """
      INSERT INTO ratecard_trail (customer, messages) VALUES ($1, $2) \
      ON CONFLICT (customer) DO UPDATE SET messages = excluded.messages
      """
    case .addProviderID:
      """
      INSERT INTO ratecard_provider_id (customer, id) VALUES ($1, $2) \
      ON CONFLICT DO NOTHING RETURNING customer
      """
    case .providerID: "SELECT customer, id FROM ratecard_provider_id WHERE customer = $1"
    case .providerCustomer: "SELECT customer FROM ratecard_provider_id WHERE id = $1"
    case .touchCard:
      """
      UPDATE ratecard_card SET used_at = CASE WHEN used_at < $1 THEN $1 ELSE used_at END \
      WHERE version = $2{returning version}
      """
    case .addCard:
      """
      INSERT INTO ratecard_card (version, name, used_at) VALUES ($1, $2, $3) \
      ON CONFLICT (version) DO NOTHING
      """
    case .addCardFile:
      """
      INSERT INTO ratecard_card_file (version, path, bytes) VALUES ($1, $2, $3) \
      ON CONFLICT (version, path) DO NOTHING
      """
    case .card: "SELECT name, used_at FROM ratecard_card WHERE version = $1"
    case .cardFiles:
      "SELECT path, bytes FROM ratecard_card_file WHERE version = $1 ORDER BY path"
    case .enqueue:
      """
      INSERT INTO ratecard_outbox (sequence, due, attempts, fate_unknown) VALUES ($1, $2, 0, 0)
      """
    case .dueEvents:
      """
      SELECT sequence FROM ratecard_outbox WHERE due <= $1 ORDER BY due, sequence \
      LIMIT $2{lock free}
      """
    case .leaseEvent:
      """
      UPDATE ratecard_outbox SET due = $1, owner = $2, attempts = attempts + 1, \
      fate_unknown = CASE WHEN owner IS NULL THEN fate_unknown ELSE 1 END WHERE sequence = $3
      """
    case .outboxEvent:
      """
      SELECT \(Self.outboxColumns), \(Self.qualifiedUsageColumns) FROM ratecard_outbox o \
      JOIN ratecard_usage u ON u.sequence = o.sequence WHERE o.sequence = $1
      """
    case .finishEvent: "DELETE FROM ratecard_outbox WHERE sequence = $1{returning sequence}"
    case .postponeEvent:
      """
      UPDATE ratecard_outbox SET due = $1, owner = NULL, failure = $2, code = $3, way = $4, \
      fate_unknown = CASE WHEN $5 = 1 THEN 1 ELSE fate_unknown END \
      WHERE sequence = $6 AND owner = $7{returning sequence}
      """
    case .buryEvent:
      """
      UPDATE ratecard_outbox SET due = NULL, owner = NULL, failure = $1, code = $2, way = $3 \
      WHERE sequence = $4 AND owner = $5{returning sequence}
      """
    case .reviveEvent:
      """
      UPDATE ratecard_outbox SET due = $1, owner = NULL, \
      fate_unknown = CASE WHEN owner IS NULL THEN fate_unknown ELSE 1 END WHERE sequence = $2
      """
    case .waitingByUsage:
      """
      SELECT u.sequence, u.customer, u.credits FROM ratecard_usage u \
      JOIN ratecard_outbox o ON o.sequence = u.sequence WHERE u.id = $1
      """
    case .dropEvent: "UPDATE ratecard_usage SET dropped_at = $1 WHERE sequence = $2"
    case .outbox:
      """
      SELECT \(Self.outboxColumns), \(Self.qualifiedUsageColumns) FROM ratecard_outbox o \
      JOIN ratecard_usage u ON u.sequence = o.sequence WHERE o.sequence > $1 \
      ORDER BY o.sequence LIMIT $2
      """
    case .outboxByID:
      """
      SELECT \(Self.outboxColumns), \(Self.qualifiedUsageColumns) FROM ratecard_outbox o \
      JOIN ratecard_usage u ON u.sequence = o.sequence WHERE u.id = $1
      """
    case .outboxCounts: "SELECT count(*), count(due) FROM ratecard_outbox"
    case .oldestEvent:
      """
      SELECT u.recorded_at FROM ratecard_outbox o \
      JOIN ratecard_usage u ON u.sequence = o.sequence WHERE o.due IS NOT NULL \
      ORDER BY o.sequence LIMIT 1
      """
    case .deadLetterCount: "SELECT count(*) FROM ratecard_dead_letter"
    case .outboxEntries:
      """
      SELECT o.sequence, o.due, o.attempts, o.code, substr(o.failure, 1, \(Self.summaryLength)), \
      u.id, u.customer, u.credits, u.occurred_at FROM ratecard_outbox o \
      JOIN ratecard_usage u ON u.sequence = o.sequence WHERE o.sequence > $1 \
      AND ($2 = '' OR u.customer = $2) AND ($3 = '' OR o.code = $3) \
      AND ($4 = 0 OR ($4 = 1) = (o.due IS NOT NULL)) ORDER BY o.sequence LIMIT $5
      """
    case .deadLetterEntries:
      """
      SELECT sequence, code, substr(message, 1, \(Self.summaryLength)), id, customer, at \
      FROM ratecard_dead_letter WHERE sequence > $1 AND ($2 = '' OR customer = $2) \
      AND ($3 = '' OR code = $3) ORDER BY sequence LIMIT $4
      """
    case .reassignDead:
      """
      UPDATE ratecard_outbox SET due = $1 \
      WHERE sequence = $2 AND due IS NULL AND fate_unknown = 0 RETURNING sequence
      """
    case .reassignUsage: "UPDATE ratecard_usage SET customer = $1 WHERE sequence = $2"
    case .droppedUsage: "SELECT dropped_at FROM ratecard_usage WHERE id = $1"
    case .addCorrection:
      """
      INSERT INTO ratecard_correction (id, at, source, from_fields, to_fields) \
      VALUES ($1, $2, $3, $4, $5)
      """
    case .corrections:
      """
      SELECT id, at, source, from_fields, to_fields FROM ratecard_correction \
      WHERE id = $1 ORDER BY sequence LIMIT $2
      """
    case .addPosting:
      """
      INSERT INTO ratecard_posting (sequence, id, since, due, attempts) \
      VALUES ($1, $2, $3, $4, 0) ON CONFLICT DO NOTHING
      """
    case .duePostings:
      """
      SELECT sequence FROM ratecard_posting WHERE due <= $1 ORDER BY due, sequence \
      LIMIT $2{lock free}
      """
    case .leasePosting:
      """
      UPDATE ratecard_posting SET due = $1, owner = $2 WHERE sequence = $3
      """
    case .posting:
      """
      SELECT \(Self.postingColumns) FROM ratecard_posting p \
      JOIN ratecard_notice n ON n.sequence = p.sequence WHERE p.sequence = $1
      """
    case .finishPosting: "DELETE FROM ratecard_posting WHERE sequence = $1 RETURNING sequence"
    case .postponePosting:
      """
      UPDATE ratecard_posting SET due = $1, owner = NULL, failure = $2, code = $3, \
      attempts = attempts + $4 WHERE sequence = $5 AND owner = $6 RETURNING sequence
      """
    case .buryPosting:
      """
      UPDATE ratecard_posting SET due = NULL, owner = NULL, failure = $1, code = $2, \
      attempts = attempts + $3 WHERE sequence = $4 AND owner = $5 RETURNING sequence
      """
    case .revivePosting:
      """
      UPDATE ratecard_posting SET due = $1, since = $1, owner = NULL WHERE id = $2 \
      RETURNING sequence
      """
    case .dropPosting: "DELETE FROM ratecard_posting WHERE id = $1 RETURNING sequence"
    case .postingByID:
      """
      SELECT \(Self.postingColumns) FROM ratecard_posting p \
      JOIN ratecard_notice n ON n.sequence = p.sequence WHERE p.id = $1
      """
    case .postingEntries:
      """
      SELECT p.sequence, p.due, p.attempts, p.code, \
      substr(p.failure, 1, \(Self.summaryLength)), p.id, n.customer, n.at \
      FROM ratecard_posting p JOIN ratecard_notice n ON n.sequence = p.sequence \
      WHERE p.sequence > $1 AND ($2 = '' OR n.customer = $2) AND ($3 = '' OR p.code = $3) \
      AND ($4 = 0 OR ($4 = 1) = (p.due IS NOT NULL)) ORDER BY p.sequence LIMIT $5
      """
    case .postingCounts: "SELECT count(*), count(due) FROM ratecard_posting"
    case .addWebhook:
      """
      INSERT INTO ratecard_webhook (id, at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING{returning id}
      """
    case .lockReservation:
      "SELECT \(Self.reservationColumns) FROM ratecard_reservation WHERE id = $1{lock}"
    case .addReservation:
      """
      INSERT INTO ratecard_reservation (\(Self.reservationColumns)) \
      VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING{returning id}
      """
    case .endReservation:
      "DELETE FROM ratecard_reservation WHERE id = $1 RETURNING \(Self.reservationColumns)"
    case .reservation:
      "SELECT \(Self.reservationColumns) FROM ratecard_reservation WHERE id = $1"
    case .endExpired:
      """
      DELETE FROM ratecard_reservation WHERE customer = $1 AND expires_at <= $2 \
      RETURNING \(Self.reservationColumns)
      """
    case .expiredReservations:
      """
      SELECT customer FROM ratecard_reservation WHERE expires_at <= $1 \
      ORDER BY expires_at, id LIMIT $2
      """
    case .heldAmounts: "SELECT amount FROM ratecard_reservation"
    case .keepEnded:
      """
      INSERT INTO ratecard_ended_reservation (\(Self.reservationColumns), ending, ended_at) \
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
      """
    case .endedReservation:
      """
      SELECT \(Self.reservationColumns), ending, ended_at FROM ratecard_ended_reservation \
      WHERE id = $1
      """
    case .noteShipped:
      """
      INSERT INTO ratecard_shipped (at, sequence, customer, credits) \
      SELECT CAST($1 AS bigint), sequence, customer, credits FROM ratecard_usage WHERE sequence = $2
      """
    case .settleShipped:
      "DELETE FROM ratecard_shipped WHERE customer = $1 AND at < $2 RETURNING credits"
    case .account: "SELECT lead, ahead, stated_at FROM ratecard_account WHERE customer = $1"
    case .setAccount:
      """
      INSERT INTO ratecard_account (customer, lead, ahead, stated_at) VALUES ($1, $2, $3, $4) \
      ON CONFLICT (customer) DO UPDATE SET lead = excluded.lead, ahead = excluded.ahead, \
      stated_at = excluded.stated_at
      """
    case .addSecret:
      "INSERT INTO ratecard_secret (name, bytes) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING"
    case .secret: "SELECT bytes FROM ratecard_secret WHERE name = $1"
    case .oldCards:
      """
      SELECT version FROM ratecard_card WHERE used_at < $1 \
      AND used_at < (SELECT max(used_at) FROM ratecard_card) ORDER BY used_at, version LIMIT $2
      """
    case .forgetCard: "DELETE FROM ratecard_card WHERE version = $1"
    case .forgetCardFiles: "DELETE FROM ratecard_card_file WHERE version = $1"
    case .oldUsage:
      """
      SELECT u.sequence FROM ratecard_usage u WHERE u.recorded_at < $1 AND NOT EXISTS \
      (SELECT 1 FROM ratecard_outbox o WHERE o.sequence = u.sequence) \
      ORDER BY u.sequence LIMIT $2
      """
    case .oldWebhooks: "SELECT id FROM ratecard_webhook WHERE at < $1 ORDER BY at, id LIMIT $2"
    case .forgetWebhook: "DELETE FROM ratecard_webhook WHERE id = $1"
    case .oldNotices:
      """
      SELECT n.sequence FROM ratecard_notice n WHERE n.at < $1 AND NOT EXISTS \
      (SELECT 1 FROM ratecard_posting p WHERE p.sequence = n.sequence) \
      ORDER BY n.sequence LIMIT $2
      """
    case .forgetNotice: "DELETE FROM ratecard_notice WHERE sequence = $1"
    case .oldTierChanges:
      "SELECT sequence FROM ratecard_tier_change WHERE at < $1 ORDER BY sequence LIMIT $2"
    case .forgetTierChange: "DELETE FROM ratecard_tier_change WHERE sequence = $1"
    case .oldReservations:
      """
      SELECT id FROM ratecard_ended_reservation WHERE ended_at < $1 ORDER BY ended_at, id LIMIT $2
      """
    case .forgetReservation: "DELETE FROM ratecard_ended_reservation WHERE id = $1"
    case .oldShipped:
      "SELECT customer FROM ratecard_shipped WHERE at < $1 ORDER BY at, sequence LIMIT $2"
    }
  }
}
