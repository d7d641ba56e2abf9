enum SchemaCommand {
  static let syntax = CommandSyntax(
    name: "schema", summary: "", operands: "", options: [], details: "",
    run: { (_, _) throws(CommandFailure) in .fine })
}
