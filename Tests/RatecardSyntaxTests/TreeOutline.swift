import RatecardDiagnostics
import RatecardSyntax

/// A tree as lines of text: kind, place, and a scalar's text.
struct TreeOutline {
  let file: SourceFile
  private(set) var text = ""

  init(_ tree: Tree?, of file: SourceFile) {
    self.file = file
    guard let tree else {
      text = "no tree\n"
      return
    }
    guard let root = tree.root else {
      text = "empty\n"
      return
    }
    append(root, label: "", indentation: 0)
  }

  private mutating func append(_ node: Node, label: String, indentation: Int) {
    let margin = String(repeating: "  ", count: indentation)
    let place = "\(position(node.span.start))-\(position(node.span.end))"
    switch node.kind {
    case .scalar:
      let form = node.isMissing ? "missing" : node.isPlain ? "plain" : "quoted"
      let shown = node.isMissing ? "" : " " + node.text.debugDescription
      text += "\(margin)\(label)\(form)\(shown) \(place)\n"
    case .sequence:
      text += "\(margin)\(label)list \(place)\n"
      for item in node.items { append(item, label: "- ", indentation: indentation + 1) }
    case .mapping:
      text += "\(margin)\(label)map \(place)\n"
      for entry in node.entries {
        append(entry.key, label: "? ", indentation: indentation + 1)
        append(entry.value, label: ": ", indentation: indentation + 1)
      }
    }
  }

  private func position(_ offset: Int32) -> String {
    let (line, column) = file.position(at: Int(offset))
    return "\(line):\(column)"
  }
}
