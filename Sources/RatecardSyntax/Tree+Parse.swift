public import RatecardDiagnostics

extension Tree {
  /// Reads a file strictly.
  ///
  /// Every mistake goes into `bag`, with its place. The tree that comes back may lack what was
  /// reported (a second entry of the same key, say), so that the rest can be checked all the same;
  /// nil when so little could be made out that checking it would only mislead. O(bytes).
  public static func parse(
    _ file: SourceFile, as id: FileID, limits: Limits = .standard, into bag: inout DiagnosticBag
  ) -> Tree? {
    var reading = Reading(file, as: id, limits: limits)
    let tree = reading.tree()
    bag.add(contentsOf: reading.report.bag)
    return tree
  }
}
