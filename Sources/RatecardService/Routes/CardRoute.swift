internal import Ratecard
internal import RatecardJSON

/// `GET /v1/ratecard` and `POST /-/reload`: which card answers.
struct CardRoute: Sendable {
  let live: LiveRateCard
  let status: CardStatus
  let reloading: Reloading

  func show() -> Reply {
    let card = live.current
    return Reply(200) { status.write(card, to: &$0) }
  }

  /// Reads the folder now.
  func reload() -> Answering {
    .later { [reloading] completion in reloading.ask(completion) }
  }

  /// What a reload came to.
  static func reply(to change: LiveRateCard.Change) -> Reply {
    guard case .loaded(let card, _) = change else {
      return Reply(422) { json in
        json.beginObject()
        json.key("error")
        json.beginObject()
        json.member("code", "refused")
        CardStatus.write(change, to: &json)
        json.endObject()
        json.endObject()
      }
    }
    return Reply(200) { json in
      json.beginObject()
      json.member("name", card.name)
      json.member("version", card.version)
      json.endObject()
    }
  }
}
