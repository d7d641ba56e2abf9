/// What a server asks about requests; from several threads at once.
protocol RequestHandler: AnyObject, Sendable {
  /// What a request is for, by its head alone; a refusal spares reading the body.
  func target(of head: RequestHead, token: ArraySlice<UInt8>?) -> Targeting

  /// Answers a request that is complete.
  func answer(_ exchange: Exchange) -> Answering

  /// Is told that a request ended: its reply was sent, or its client went away.
  func ended(_ exchange: Exchange, wasSent: Bool)
}

/// What a head came to.
enum Targeting {
  case found(Target)
  case refused(Target, Reply)
}

/// What a request is for.
struct Target: Sendable {
  let endpoint: Endpoint
  /// The part of the path that names something.
  var name = ""
  /// The most bytes of its body.
  var bodyLimit = 0
  /// Headers that the answer depends on.
  var headers: [String] = []
  /// Whether it takes a query.
  var takesQuery = false
}
