enum ShowCommand {
  static let syntax = CommandSyntax(
    name: "show", summary: "", operands: "", options: [], details: "",
    run: { (_, _) throws(CommandFailure) in .fine })
}
