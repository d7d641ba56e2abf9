/// The same thing of both cards that are compared.
struct Both<Value> {
  var old: Value
  var new: Value

  init(_ old: Value, _ new: Value) {
    self.old = old
    self.new = new
  }

  func map<Result, Failure: Error>(
    _ transform: (Value) throws(Failure) -> Result
  ) throws(Failure) -> Both<Result> {
    Both<Result>(try transform(old), try transform(new))
  }

  /// Both, the old one first.
  var list: [Value] { [old, new] }
}

extension Both: Sendable where Value: Sendable {}
extension Both: Equatable where Value: Equatable {}
extension Both: Hashable where Value: Hashable {}
