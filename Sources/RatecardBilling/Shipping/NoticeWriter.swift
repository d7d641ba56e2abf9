internal import RatecardJSON
internal import RatecardStore
internal import RatecardValues

/// Writes notices as they are posted: the same bytes at every attempt.
enum NoticeWriter {
  static func body(of posting: NoticePosting) -> [UInt8] {
    let notice = posting.notice
    var json = JSONWriter()
    json.beginObject()
    json.member("type", "customer.notice")
    json.member("timestamp", notice.at.description)
    json.key("data")
    json.beginObject()
    json.member("customer", notice.customer)
    json.member("text", notice.text)
    // A cause is the event and what tells it from others of its kind.
    json.member("event", String(notice.cause.prefix { $0 != " " }))
    json.member("cause", notice.cause)
    json.endObject()
    json.endObject()
    return json.bytes
  }
}
