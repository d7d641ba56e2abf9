internal import RatecardValues

/// Notices that are posted.
extension Transaction {
  /// Leases the notices that wait longest to a poster, until a time.
  func claimPostings(
    limit: Int, owner: String, now: Instant, until: Instant
  ) throws(StoreFailure.Reason) -> [NoticePosting] {
    let sequences = try lease(
      .duePostings, by: .leasePosting, limit: limit, owner: owner, now: now, until: until)
    let rows = try connection.run(.posting, each: sequences) { $0.integer($1) }
    var postings: [NoticePosting] = []
    for place in 0..<rows.count {
      var row = Row(rows, place)
      postings.append(try row.posting())
    }
    return postings
  }

  func settle(posting shipment: Shipment) throws(StoreFailure.Reason) -> Outcome {
    let settled: Cells
    switch shipment.result {
    case .shipped:
      settled = try connection.run(.finishPosting) { $0.integer(shipment.sequence) }
    case .failed(let reason, let retryAt), .fateUnknown(let reason, let retryAt):
      settled = try connection.run(.postponePosting) {
        $0.instant(retryAt)
        $0.text(reason)
        $0.text(shipment.code?.rawValue)
        $0.flag(shipment.wasTried)
        $0.integer(shipment.sequence)
        $0.text(shipment.owner)
      }
    case .dead(let reason):
      settled = try connection.run(.buryPosting) {
        $0.text(reason)
        $0.text(shipment.code?.rawValue)
        $0.flag(shipment.wasTried)
        $0.integer(shipment.sequence)
        $0.text(shipment.owner)
      }
    }
    return settled.isEmpty ? .missing : .done
  }

  func retryPosting(_ id: String, _ at: Instant) throws(StoreFailure.Reason) -> Outcome {
    let revived = try connection.run(.revivePosting) {
      $0.instant(at)
      $0.text(id)
    }
    return revived.isEmpty ? .missing : .done
  }
}
