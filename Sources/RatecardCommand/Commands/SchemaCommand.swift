/// `ratecard schema`: the JSON Schema of the language.
enum SchemaCommand {
  static let syntax = CommandSyntax(
    name: "schema", summary: "prints a JSON Schema of the language, for editors", operands: "",
    options: [],
    details: """
      Editors complete keys and flag slips with it. With the YAML extension of VS Code:

        ratecard schema > ratecard.schema.json
        "yaml.schemas": {"ratecard.schema.json": "pricing/**/*.yaml"}

      or a first line in the file: # yaml-language-server: $schema=ratecard.schema.json
      """,
    run: run)

  private static func run(
    _ arguments: ParsedArguments, _ console: Console
  ) throws(CommandFailure) -> ExitCode {
    if let operand = arguments.operands.first {
      throw .usage("`schema` takes no folder, but here is `\(operand)`")
    }
    console.output.write(Schema.text())
    return .fine
  }
}
