internal import Ratecard
internal import RatecardJSON
internal import RatecardStore
internal import RatecardWire

/// An error as every endpoint answers it, with its status.
package struct Problem: Error {
  var status: Int
  /// What kind of error it is.
  package var code: String
  /// What is wrong and what to do.
  package var message: String
  var attribute: String?

  init(_ status: Int, _ code: String, _ message: String, attribute: String? = nil) {
    self.status = status
    self.code = code
    self.message = message
    self.attribute = attribute
  }

  init(_ error: RequestError) {
    self.init(
      error.code == .invalidRequest ? 400 : 422, error.code.rawValue,
      AnswerWriter.message(of: error), attribute: error.attribute)
  }

  /// A store that cannot be read or written: why is for the log, since it may name hosts and files.
  init(_ failure: StoreFailure) {
    if failure.reason == .diskFull {
      self.init(503, "storage_full", "there is no space left to record anything; try again later")
    } else {
      self.init(503, "storage_unavailable", "the store cannot be used now; try again later")
    }
  }

  func write(to json: inout JSONWriter) {
    json.key("error")
    json.beginObject()
    json.member("code", code)
    json.member("message", message)
    if let attribute { json.member("attribute", attribute) }
    json.endObject()
  }

  var reply: Reply {
    let reply = Reply.failure(status, code, message, attribute: attribute)
    return status == 503 ? reply.retrying(afterSeconds: 1) : reply
  }
}
