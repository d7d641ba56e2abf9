internal import Ratecard
internal import RatecardJSON
internal import RatecardService
internal import RatecardStore

/// `ratecard outbox`: what waits to be shipped or posted, and what will not be.
enum OutboxCommand {
  static let syntax = CommandSyntax(
    name: "outbox", summary: "lists, corrects and tries again what was not shipped",
    operands: "list|show|retry|drop [ID] [field=value…]",
    options: [
      CommandOption(
        "--store", .text("ADDRESS"),
        "sqlite:FILE or postgres://HOST/DATABASE (sqlite:ratecard.db)"),
      CommandOption(
        "--state", .choice(OutboxFilter.State.allCases.map(\.rawValue)),
        "only what is tried by itself, or only what is left to a person"),
      CommandOption("--reason", .text("CODE"), "only what is there for that reason"),
      CommandOption("--customer", .text("ID"), "only one customer's"),
      CommandOption("--limit", .text("N"), "how many are listed (all)"),
      CommandOption("--after", .text("PLACE"), "where the list begins: `next` of the one before"),
      CommandOption("--all", "retry: all that is dead, for that reason, of that customer"),
      CommandOption(
        "--card", .text("DIR"), "the card that prices what had no price (\(defaultFolder))"),
      CommandOption("--format", .choice(["text", "json"]), "how the answer is written"),
    ],
    details: """
      Works on the service's store itself, whether or not the service runs.

        list           events in the order of their recording, dead letters, and notices
                       that are posted, each in short
        show ID        all that is known of one
        retry ID…      ships or posts it again; what had no price is priced, by the
                       card of its decision or `version`, or else by that of --card
        retry ID field=value…
                       the same with fields corrected; `field=` takes one away. Of what
                       has a price only `customer` can be corrected, and `id` never. The
                       correction is kept
        drop ID…       gives it up; credits that are pending for it are no longer

      CODE is not_taken, fate_unknown, refused, held, overflow, undelivered, unpriced,
      denied, unknown_version or senseless_webhook.
      """,
    run: run)

  private static func run(
    _ arguments: ParsedArguments, _ console: Console
  ) throws(CommandFailure) -> ExitCode {
    let verbs = ["list", "show", "retry", "drop"]
    guard let verb = arguments.operands.first, verbs.contains(verb) else {
      let word = arguments.operands.first
      throw .usage(
        word.map { "`outbox` cannot `\($0)`" } ?? "`outbox` wants to be told what to do",
        help: word.flatMap { didYouMean($0, among: verbs) } ?? "list, show, retry or drop")
    }
    let targets = try targets(arguments, verb)
    if let reason = arguments["--reason"], !OutboxDesk.codes.contains(reason) {
      throw .usage(
        "`\(reason)` is no value of `--reason`",
        help: didYouMean(reason, among: OutboxDesk.codes)
          ?? "`ratecard outbox --help` lists the codes")
    }
    do {
      let store = try Store.open(
        arguments["--store"] ?? "sqlite:ratecard.db", readers: 1, mustExist: true)
      switch verb {
      case "list": return try list(store, arguments, console)
      case "show": return try show(targets.ids[0], store, arguments, console)
      case "retry" where arguments.has("--all"): return try retryAll(store, arguments, console)
      case "retry": return try retry(targets, store, arguments, console)
      default:
        let desk = try OutboxDesk(store: store, card: nil)
        return try tell(targets.ids, console) { id throws(StoreFailure) in try desk.drop(id) }
      }
    } catch let failure as StoreFailure {
      throw .file(failure.description)
    } catch let failure as CommandFailure {
      throw failure
    } catch {
      preconditionFailure("a store and a command fail in their own ways")
    }
  }

  /// What a command line is about.
  private struct Targets {
    var ids: [String] = []
    var corrections: [JSONValue.Member] = []
  }

  private static func targets(
    _ arguments: ParsedArguments, _ verb: String
  ) throws(CommandFailure) -> Targets {
    var targets = Targets()
    for word in arguments.operands.dropFirst() {
      // An id may hold a `=`, if it comes first.
      guard !targets.ids.isEmpty, RequestPairs.isPair(word) else {
        targets.ids.append(word)
        continue
      }
      for case (let name, .text(let value)) in try RequestPairs.request(pairs: [word]) {
        guard !targets.corrections.contains(where: { $0.name == name }) else {
          throw .usage("`\(name)` is given twice")
        }
        targets.corrections.append(.init(name, value.isEmpty ? .null : .string(value)))
      }
    }
    let (count, isAll) = (targets.ids.count, arguments.has("--all"))
    if isAll && verb != "retry" { throw .usage("`--all` belongs to `retry`") }
    switch verb {
    case "list" where count > 0, "retry" where isAll && count > 0:
      throw .usage("`\(targets.ids[0])` is one too many")
    case "show" where count != 1: throw .usage("`show` wants one id")
    case "retry" where count == 0 && !isAll:
      throw .usage("`retry` wants an id", help: "or --all, for all that is dead")
    case "drop" where count == 0: throw .usage("`drop` wants an id")
    default: break
    }
    if !targets.corrections.isEmpty, verb != "retry" || count != 1 {
      throw .usage("only `retry` of one id takes corrections")
    }
    return targets
  }

  private static func filter(
    _ arguments: ParsedArguments
  ) -> OutboxFilter {
    OutboxFilter(
      state: arguments["--state"].flatMap(OutboxFilter.State.init), code: arguments["--reason"],
      customer: arguments["--customer"])
  }

  // MARK: Looking

  /// The most entries that are read at a time.
  private static let pageLimit = 500

  private static func list(
    _ store: Store, _ arguments: ParsedArguments, _ console: Console
  ) throws -> ExitCode {
    var rest = Int.max
    if let text = arguments["--limit"] {
      guard let limit = Int(text), limit > 0 else {
        throw CommandFailure.usage("`\(text)` is no value of `--limit`", help: "write a number")
      }
      rest = limit
    }
    var place = OutboxPlace.start
    if let text = arguments["--after"] {
      guard let known = OutboxPlace(text) else {
        throw CommandFailure.usage(
          "`\(text)` is no value of `--after`", help: "write the `next` of the list before")
      }
      place = known
    }
    var list = OutboxList(isJSON: arguments["--format"] == "json", output: console.output)
    list.begin(try store.outboxSummary())
    let filter = filter(arguments)
    var next: OutboxPlace?
    repeat {
      let page = try store.outboxPage(filter, after: place, limit: min(rest, pageLimit))
      for entry in page.entries { list.add(entry) }
      rest -= page.entries.count
      next = page.next
      place = next ?? place
    } while next != nil && rest > 0 && !console.output.isClosed
    list.end(next: next)
    return .fine
  }

  private static func show(
    _ id: String, _ store: Store, _ arguments: ParsedArguments, _ console: Console
  ) throws -> ExitCode {
    guard let (finding, corrections) = try OutboxDesk(store: store, card: nil).find(id) else {
      console.complain("no event `\(id)` is in the outbox")
      return .findings
    }
    var json = JSONWriter()
    OutboxJSON.write(finding, corrections, to: &json)
    if arguments["--format"] == "json" {
      console.output.line(json.text)
    } else {
      for line in OutboxText.lines(of: json.bytes) { console.output.line(line) }
    }
    return .fine
  }

  // MARK: Trying again

  private static func retry(
    _ targets: Targets, _ store: Store, _ arguments: ParsedArguments, _ console: Console
  ) throws -> ExitCode {
    let isLetter = try targets.ids.contains { try store.deadLetter($0) != nil }
    let desk = try desk(store, pricing: isLetter, arguments)
    return try tell(targets.ids, console) { id throws(StoreFailure) in
      try desk.retry(id, targets.corrections)
    }
  }

  private static func retryAll(
    _ store: Store, _ arguments: ParsedArguments, _ console: Console
  ) throws -> ExitCode {
    if arguments["--state"] == "waiting" {
      throw CommandFailure.usage("`retry --all` tries again what is dead")
    }
    var filter = filter(arguments)
    filter.state = .dead
    let desk = try desk(store, pricing: try store.outboxSummary().deadLetters > 0, arguments)
    var place = OutboxPlace.start
    var code = ExitCode.fine
    var next: OutboxPlace?
    repeat {
      let page = try store.outboxPage(filter, after: place, limit: pageLimit)
      let end = try tell(page.entries.map(\.id), console) { id throws(StoreFailure) in
        try desk.retry(id)
      }
      if end != .fine { code = end }
      next = page.next
      place = next ?? place
    } while next != nil
    return code
  }

  /// A desk with the card that usage without a price needs.
  private static func desk(
    _ store: Store, pricing: Bool, _ arguments: ParsedArguments
  ) throws -> OutboxDesk {
    let card = pricing ? try loadCard(arguments["--card"] ?? defaultFolder) : nil
    return try OutboxDesk(store: store, card: card)
  }

  /// Does something to each of some ids, and tells what came of it.
  private static func tell(
    _ ids: [String], _ console: Console, _ body: (String) throws(StoreFailure) -> Problem?
  ) throws(StoreFailure) -> ExitCode {
    var code = ExitCode.fine
    for id in ids {
      if let problem = try body(id) {
        console.complain("\(OutboxText.visible(id)): \(OutboxText.visible(problem.message))")
        code = .findings
      } else {
        console.output.line("\(OutboxText.visible(id)): done")
      }
    }
    return code
  }
}
