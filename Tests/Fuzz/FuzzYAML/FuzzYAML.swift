import RatecardDiagnostics
import RatecardSyntax

/// Reads any bytes as a card's file: nothing may crash, and every place must lie in the file.
@c(LLVMFuzzerTestOneInput)
public func readAnything(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // SAFETY: libFuzzer gives `count` bytes that stay valid during the call; they are copied first.
  let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
  var limits = Limits()
  limits.aliasExpansion = 2_000
  limits.mistakes = 50
  let file = SourceFile(path: "fuzz.yaml", bytes: bytes)
  var bag = DiagnosticBag()
  let tree = Tree.parse(file, as: FileID(0), limits: limits, into: &bag)
  let size = Int32(bytes.count)
  func check(_ span: Span) {
    precondition(0 <= span.start && span.start <= span.end && span.end <= size, "a place outside")
  }
  for diagnostic in bag.sorted {
    check(diagnostic.span)
    diagnostic.notes.forEach { $0.span.map(check) }
    (diagnostic.fix?.span).map(check)
  }
  _ = TextRenderer().render(bag.sorted, files: [file])
  precondition(tree != nil || bag.hasErrors, "a file without a tree has an error")
  if let root = tree?.root { visit(root, check) }
  let fixed = FixApplier.apply(bag.sorted, to: file, as: FileID(0))
  precondition(fixed.applied == 0 || fixed.bytes != bytes, "a fix changes something")
  return 0
}

private func visit(_ node: Node, _ check: (Span) -> Void) {
  check(node.span)
  for item in node.items { visit(item, check) }
  for entry in node.entries {
    precondition(entry.key.kind == .scalar && !entry.key.isMissing, "a key is a text")
    visit(entry.key, check)
    visit(entry.value, check)
  }
}
