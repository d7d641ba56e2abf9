internal import Ratecard
internal import RatecardDiagnostics

/// Loads the card of a folder, or ends the command with why there is none.
func loadCard(_ folder: String) throws(CommandFailure) -> RateCard {
  switch try load(folder) {
  case .loaded(let card, _): return card
  case .refused(let report): throw .refused(report)
  }
}

/// Loads a folder; only a folder that cannot be read ends the command.
func load(_ folder: String) throws(CommandFailure) -> LoadResult {
  do { return try RateCard.load(folder: folder) } catch { throw .unreadable(error) }
}

/// Reads a folder for its findings; only a folder that cannot be read ends the command.
///
/// The last one before the process ends need not tidy up.
func inspect(
  _ folder: String, proving proofs: RateCard.Proofs = .none, tidiesUp: Bool = true
) throws(CommandFailure) -> Report {
  do { return try RateCard.inspect(folder: folder, proving: proofs, tidiesUp: tidiesUp) } catch {
    throw .unreadable(error)
  }
}

/// Ends the command when a folder holds a rate card; one that holds anything else is fine.
func requireNoCard(in folder: String) throws(CommandFailure) {
  guard FileWriter.exists(folder) else { return }
  do {
    _ = try RateCard.load(folder: folder)
  } catch {
    guard error.reason == .noFiles else { throw .unreadable(error) }
    return
  }
  throw .file("`\(folder)` holds a rate card already: nothing is overwritten")
}
