/// RC00: reading files and YAML.
extension DiagnosticCode {
  /// A file that is not UTF-8.
  public static let notUTF8 = DiagnosticCode(
    "RC0001", "not-utf8",
    summary: "A file is not UTF-8 text.",
    reason: "Names and prices could be read wrongly if the encoding were guessed.",
    wrong: "", right: "")

  /// A control character or another that editors do not show.
  public static let invisibleCharacter = DiagnosticCode(
    "RC0002", "invisible-character",
    summary: "A control character, or another that editors do not show, stands in the file.",
    reason: "Two texts that look alike would differ, and a rule would silently never match.",
    wrong: "models:\n  gpt-4o\u{B}: {}\n",
    right: "models:\n  gpt-4o: {}\n")

  /// A tab that indents a line.
  public static let tabIndentation = DiagnosticCode(
    "RC0003", "tab-indentation",
    summary: "A line is indented with a tab.",
    reason: "Editors show tabs in different widths, so what belongs to what would be a guess.",
    wrong: "models:\n\tgpt-4o: {}\n",
    right: "models:\n  gpt-4o: {}\n")

  /// A file past the limit of its size.
  public static let fileTooLarge = DiagnosticCode(
    "RC0004", "file-too-large",
    summary: "A file has more than 16 MiB.",
    reason: "Every input has a bound, so that a wrong file cannot exhaust the memory.",
    wrong: "", right: "")

  /// Collections that nest too deep.
  public static let tooDeep = DiagnosticCode(
    "RC0005", "too-deep",
    summary: "Lists and maps stand in each other more than 64 deep.",
    reason: "No card needs that; a bracket is missing, or the file is an attack.",
    wrong: "models: " + String(repeating: "[", count: 65) + "\n",
    right: "models: {gpt-4o: {}}\n")

  /// A file with too many values.
  public static let tooManyNodes = DiagnosticCode(
    "RC0006", "too-many-values",
    summary: "A file holds more than 8,000,000 keys and values.",
    reason: "Every input has a bound, so that a wrong file cannot exhaust the memory.",
    wrong: "", right: "")

  /// Aliases that stand for too much.
  public static let aliasExpansion = DiagnosticCode(
    "RC0007", "alias-expansion",
    summary: "The aliases of a file, written out, are more than 100,000 values.",
    reason: "Aliases of aliases grow without measure; a file of a few lines could fill the memory.",
    wrong: """
      attributes:
        a: &a [v0, v1, v2, v3, v4, v5, v6, v7, v8, v9]
        b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
        c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
        d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
        e: [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]

      """,
    right: """
      attributes:
        a: &a [v0, v1, v2, v3, v4, v5, v6, v7, v8, v9]
        b: *a

      """)

  /// An alias inside the value that it names.
  public static let recursiveAlias = DiagnosticCode(
    "RC0008", "recursive-alias",
    summary: "An alias stands inside the very value that it names.",
    reason: "Written out, such a value has no end.",
    wrong: "models: &all\n  gpt-4o: *all\n",
    right: "models:\n  gpt-4o: {}\n")

  /// A key that stands twice in a map.
  public static let duplicateKey = DiagnosticCode(
    "RC0009", "duplicate-key",
    summary: "A map has the same key twice.",
    reason: "One of the two would be lost, and which one is not for a program to choose.",
    wrong: "models:\n  gpt-4o: {class: frontier}\n  \"gpt-4o\": {class: small}\n",
    right: "models:\n  gpt-4o: {class: frontier}\n")

  /// A `<<` key.
  public static let mergeKey = DiagnosticCode(
    "RC0010", "merge-key",
    summary: "A map is merged into another with `<<`.",
    reason: "What such a map holds cannot be seen where it stands; YAML 1.2 has no merge keys.",
    wrong: """
      models:
        gpt-4o: &big {class: frontier}
        o1: {<<: *big}

      """,
    right: """
      models:
        gpt-4o: &big {class: frontier}
        o1: *big

      """)

  /// A YAML tag.
  public static let tag = DiagnosticCode(
    "RC0011", "yaml-tag",
    summary: "A value has a YAML tag, such as `!!str`.",
    reason: "What a value is depends on its section alone.",
    wrong: "models:\n  gpt-4o: {class: !!str frontier}\n",
    right: "models:\n  gpt-4o: {class: frontier}\n")

  /// More than one document in a file.
  public static let severalDocuments = DiagnosticCode(
    "RC0012", "several-documents",
    summary: "A file holds more than one YAML document.",
    reason: "What stands after the first `---` line would be easy to overlook.",
    wrong: "models:\n  gpt-4o: {}\n---\nmodels:\n  o1: {}\n",
    right: "models:\n  gpt-4o: {}\n  o1: {}\n")

  /// A `%` line.
  public static let directive = DiagnosticCode(
    "RC0013", "yaml-directive",
    summary: "A file begins with a YAML directive other than `%YAML 1.2`.",
    reason: "Directives change how YAML is read; rate cards are always read the same way.",
    wrong: """
      %TAG ! tag:example.com,2026:
      ---
      ratecard: 1
      name: cursor
      credit: {unit: premium request}

      """,
    right: """
      %YAML 1.2
      ---
      ratecard: 1
      name: cursor
      credit: {unit: premium request}

      """)

  /// An unquoted text with a leading star.
  public static let leadingStar = DiagnosticCode(
    "RC0014", "leading-star",
    summary: "An unquoted text begins with a star.",
    reason: "YAML reads `*name` as an alias of the value with the anchor `&name`.",
    wrong: """
      costs:
        - {name: small, when: {model: *-mini}, credits: 1}

      """,
    right: """
      costs:
        - {name: small, when: {model: "*-mini"}, credits: 1}

      """)

  /// An unquoted text with a leading character that YAML reserves.
  public static let reservedCharacter = DiagnosticCode(
    "RC0015", "reserved-character",
    summary: "An unquoted text begins with a character that YAML keeps for itself.",
    reason: "YAML reserves the at sign, the backtick and the percent sign at the start of a text.",
    wrong: """
      costs:
        - {name: internal, when: {customer: @example}, credits: 0}

      """,
    right: """
      costs:
        - {name: internal, when: {customer: "@example"}, credits: 0}

      """)

  /// A text that an unquoted comma or colon ended too early.
  public static let textCutShort = DiagnosticCode(
    "RC0016", "text-cut-short",
    summary: "An unquoted comma or colon ended a text too early.",
    reason: "In braces a comma begins the next entry, and a colon with a space makes a key.",
    wrong: """
      costs:
        - {name: closed, deny: not today, sorry}

      """,
    right: """
      costs:
        - {name: closed, deny: "not today, sorry"}

      """)

  /// A list or map as a key.
  public static let keyNotText = DiagnosticCode(
    "RC0017", "key-not-text",
    summary: "A list or a map is used as a key.",
    reason: "Every key of the language is a text.",
    wrong: "models:\n  [gpt-4o, o1]: {class: frontier}\n",
    right: "models:\n  gpt-4o: {class: frontier}\n  o1: {class: frontier}\n")

  /// A colon without a key before it.
  public static let keyLeftOut = DiagnosticCode(
    "RC0018", "key-left-out",
    summary: "A colon has no key before it.",
    reason: "Something was left out, or a text that begins with a colon lacks its quotes.",
    wrong: "models:\n  : {class: frontier}\n",
    right: "models:\n  gpt-4o: {class: frontier}\n")

  /// A quote that is never closed.
  public static let unclosedQuote = DiagnosticCode(
    "RC0019", "unclosed-quote",
    summary: "A quoted text has no closing quote.",
    reason: "Everything behind it would be part of the text.",
    wrong: "ratecard: 1\nname: \"cursor\ncredit:\n  unit: credit\n",
    right: "ratecard: 1\nname: \"cursor\"\ncredit:\n  unit: credit\n")

  /// A backslash with an unknown letter in double quotes.
  public static let unknownEscape = DiagnosticCode(
    "RC0020", "unknown-escape",
    summary: "A backslash in double quotes is followed by something that means nothing.",
    reason: "In double quotes a backslash begins an escape; a backslash itself is written twice.",
    wrong: "models:\n  gpt-4o: {aliases: [\"gpt\\*4o\"]}\n",
    right: "models:\n  gpt-4o: {aliases: ['gpt\\*4o']}\n")

  /// A bracket or brace that is never closed, or closed by the wrong one.
  public static let unclosedBracket = DiagnosticCode(
    "RC0021", "unclosed-bracket",
    summary: "A bracket or brace is not closed, or a comma is missing inside it.",
    reason: "Where the list or map ends would be a guess.",
    wrong: "models:\n  gpt-4o: {class: frontier\n  o1: {}\n",
    right: "models:\n  gpt-4o: {class: frontier}\n  o1: {}\n")

  /// A line that is indented like nothing before it.
  public static let wrongIndentation = DiagnosticCode(
    "RC0022", "wrong-indentation",
    summary: "A line is indented so that it belongs to nothing before it.",
    reason: "Indentation says what belongs to what.",
    wrong: "models:\n    gpt-4o: {}\n  o1: {}\n",
    right: "models:\n  gpt-4o: {}\n  o1: {}\n")

  /// Something else that is not YAML.
  public static let brokenYAML = DiagnosticCode(
    "RC0023", "broken-yaml",
    summary: "A place cannot be read as YAML.",
    reason: "What follows could be understood in more than one way.",
    wrong: "attributes:\n  region: [us,, eu]\n",
    right: "attributes:\n  region: [us, eu]\n")

  /// More mistakes than are reported.
  public static let tooManyMistakes = DiagnosticCode(
    "RC0024", "too-many-mistakes",
    summary: "A file has more than 500 mistakes of spelling; the rest is not checked.",
    reason: "A list that long helps nobody, and most of it would go away with the first few.",
    wrong: "", right: "")

  /// A line without the colon that makes it an entry.
  public static let missingColon = DiagnosticCode(
    "RC0025", "missing-colon",
    summary: "A line in a map has no colon followed by a space.",
    reason: "Without them the line is a text, not a key with a value.",
    wrong: "models:\n  gpt-4o: {}\n  o1:{}\n",
    right: "models:\n  gpt-4o: {}\n  o1: {}\n")

  static let syntaxCodes: [DiagnosticCode] = [
    notUTF8, invisibleCharacter, tabIndentation, fileTooLarge, tooDeep, tooManyNodes,
    aliasExpansion, recursiveAlias, duplicateKey, mergeKey, tag, severalDocuments, directive,
    leadingStar, reservedCharacter, textCutShort, keyNotText, keyLeftOut, unclosedQuote,
    unknownEscape, unclosedBracket, wrongIndentation, brokenYAML, tooManyMistakes, missingColon,
  ]
}
