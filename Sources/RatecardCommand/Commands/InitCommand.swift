internal import Ratecard

/// `ratecard init`: writes a card to begin with.
enum InitCommand {
  static let syntax = CommandSyntax(
    name: "init", summary: "writes a commented starter card with tests", operands: "[DIR]",
    options: [
      CommandOption("--from", .choice(Starter.all.map(\.name)), "which card to start from")
    ],
    details: """
      Never overwrites: a folder that holds a rate card already is left alone.
      Starters:
      \(Starter.all.map { "  \(padded($0.name, 12))\($0.summary)" }.joined(separator: "\n"))
      """,
    run: run)

  private static func run(
    _ arguments: ParsedArguments, _ console: Console
  ) throws(CommandFailure) -> ExitCode {
    let folder = try arguments.folder()
    let name = arguments["--from"]
    guard
      let starter = name == nil ? Starter.all.first : Starter.all.first(where: { $0.name == name })
    else { throw .usage("there is no starter `\(name ?? "")`") }
    if FileWriter.exists(folder) {
      // A folder that holds something else is fine; one that cannot be read is not.
      do {
        _ = try RateCard.load(folder: folder)
        throw CommandFailure.file("`\(folder)` holds a rate card already: nothing is overwritten")
      } catch let failure as FileFailure {
        guard failure.reason == .noFiles else { throw .unreadable(failure) }
      } catch let failure as CommandFailure {
        throw failure
      } catch {
        preconditionFailure("loading fails with a file's failure")
      }
    }
    do throws(FileWriter.Failure) {
      for file in starter.files {
        let path = folder.hasSuffix("/") ? folder + file.path : folder + "/" + file.path
        if let slash = path.lastIndex(of: "/") {
          try FileWriter.createFolder(String(path[..<slash]))
        }
        try FileWriter.create(path, with: Array(file.text.utf8))
        console.output.line(path)
      }
    } catch {
      throw .file(error.message)
    }
    let place = folder == defaultFolder ? "" : " \(folder)"
    console.errors.line("next: ratecard test\(place), ratecard show\(place)")
    return .fine
  }
}
