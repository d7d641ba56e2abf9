import RatecardDiagnostics
import RatecardSyntax

/// A text read as one file, with what was found.
struct Probe {
  let file: SourceFile
  let tree: Tree?
  let diagnostics: [Diagnostic]

  init(_ bytes: [UInt8], limits: Limits = .standard) {
    file = SourceFile(path: "probe.yaml", bytes: bytes)
    var bag = DiagnosticBag()
    tree = Tree.parse(file, as: FileID(0), limits: limits, into: &bag)
    diagnostics = bag.sorted
  }

  init(_ text: String, limits: Limits = .standard) {
    self.init(Array(text.utf8), limits: limits)
  }

  var codes: [String] { diagnostics.map(\.code.name) }

  func source(_ span: Span) -> String {
    String(decoding: file.bytes[Int(span.start)..<Int(span.end)], as: UTF8.self)
  }

  /// Every node, each collection before its children; what aliases name as often as they do.
  var nodes: [Node] {
    var found: [Node] = []
    func visit(_ node: Node) {
      found.append(node)
      for item in node.items { visit(item) }
      for entry in node.entries {
        visit(entry.key)
        visit(entry.value)
      }
    }
    if let root = tree?.root { visit(root) }
    return found
  }

  /// What stands at a path of keys and indices.
  func node(_ path: String...) -> Node? {
    path.reduce(tree?.root) { node, step in
      if let index = Int(step), let items = node?.items, index < items.count { return items[index] }
      return node?.entries.first { $0.key.text == step }?.value
    }
  }
}
