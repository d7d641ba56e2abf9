/// Diagnostics as workflow commands, which GitHub shows beside the lines of a pull request.
public enum GitHubRenderer {
  /// One command a line: `::error file=…,line=…,col=…,endColumn=…,title=…::message`.
  public static func render(_ diagnostics: [Diagnostic], files: [SourceFile]) -> String {
    var text = ""
    for diagnostic in diagnostics {
      let place = Place(diagnostic.span, files)
      var properties = [
        ("file", place.path), ("line", String(place.line)), ("col", String(place.column)),
      ]
      // GitHub takes the columns of places on one line only.
      if place.endLine == place.line {
        properties.append(("endColumn", String(place.endColumn)))
      } else {
        properties.append(("endLine", String(place.endLine)))
      }
      properties.append(("title", "\(diagnostic.code.id) \(diagnostic.code.name)"))
      let list = properties.map { "\($0.0)=\(escape($0.1, isProperty: true))" }
      var message = diagnostic.message
      if let help = diagnostic.help { message += "\n" + help }
      for note in diagnostic.notes {
        message += "\n"
        if let span = note.span {
          let place = Place(span, files)
          message += "\(place.path):\(place.line):\(place.column): "
        }
        message += note.message
      }
      text += "::\(command(diagnostic.severity)) \(list.joined(separator: ","))"
      text += "::\(escape(message, isProperty: false))\n"
    }
    return text
  }

  private static func command(_ severity: Severity) -> String {
    severity == .note ? "notice" : severity.rawValue
  }

  private static func escape(_ text: String, isProperty: Bool) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "%": escaped += "%25"
      case "\r": escaped += "%0D"
      case "\n": escaped += "%0A"
      case ":" where isProperty: escaped += "%3A"
      case "," where isProperty: escaped += "%2C"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
