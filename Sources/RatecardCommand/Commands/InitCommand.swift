enum InitCommand {
  static let syntax = CommandSyntax(
    name: "init", summary: "", operands: "", options: [], details: "",
    run: { (_, _) throws(CommandFailure) in .fine })
}
