import RatecardDiagnostics

/// One file on its way to a tree: checked as bytes, read by libyaml, and where a mistake has an
/// obvious remedy, read once more with the remedy in place so that further mistakes are found too.
struct Reading {
  private let file: SourceFile
  private let id: FileID
  private let limits: Limits
  private(set) var report: Reporter

  init(_ file: SourceFile, as id: FileID, limits: Limits) {
    self.file = file
    self.id = id
    self.limits = limits
    report = Reporter(file: id, limit: limits.mistakes)
  }

  mutating func tree() -> Tree? {
    guard file.bytes.count <= limits.fileBytes else {
      report.add(
        .fileTooLarge, "the file has \(file.bytes.count) bytes; \(limits.fileBytes) are allowed",
        at: 0, end: 0, help: "spread the entries over several files")
      return nil
    }
    let scan = SourceScan(file, atMost: limits.mistakes)
    guard isText(scan) else { return nil }
    var patched = file.bytes
    var patches: [Int] = []
    var keepsMeaning = true
    let attempts = file.bytes.count > 1 << 20 ? 4 : 24
    for _ in 0..<attempts {
      switch read(patched, scan, patches) {
      case .tree(let tree):
        reportTabs(scan, in: tree)
        return keepsMeaning ? tree : nil
      case .abandoned: return nil
      case .failed(var mistake):
        mistake.explain(to: &report)
        keepsMeaning = keepsMeaning && mistake.keepsMeaning
        guard !mistake.changes.isEmpty, !report.isFull else { return nil }
        for change in mistake.changes {
          patched[change.offset] = change.byte
          if change.byte != UInt8(ascii: " ") { patches.append(change.offset) }
        }
      }
    }
    return nil
  }

  private enum Outcome {
    case tree(Tree)
    case abandoned
    case failed(Mistake)
  }

  /// Reads `bytes`, the file's own or changed ones, once.
  private mutating func read(_ bytes: [UInt8], _ scan: SourceScan, _ patches: [Int]) -> Outcome {
    // SAFETY: the buffers are used only inside these closures; the builder and the reader, which
    // hold them, do not leave them.
    file.bytes.withUnsafeBufferPointer { original in
      bytes.withUnsafeBufferPointer { buffer in
        var reader = EventReader(UnsafeBufferPointer(rebasing: buffer[scan.markLength...]))
        var builder = TreeBuilder(
          file: id, limits: limits, bytes: buffer, original: original, patches: patches,
          map: PlaceMap(buffer, base: scan.markLength, isASCII: scan.isASCII), report: report)
        let end = builder.build(&reader)
        report = builder.report
        switch end {
        case .complete(let root): return .tree(builder.tree(root: root))
        case .abandoned: return .abandoned
        case .failed(let failure):
          let place = builder.map.offset(of: failure.place)
          return .failed(
            Mistake(
              failure, at: place, from: builder.map.offset(of: failure.contextPlace),
              in: SourceText(bytes: bytes), after: builder.lastScalar, tabs: scan.tabs))
        }
      }
    }
  }

  // MARK: Bytes

  /// Reports what keeps the bytes from being text; answers whether YAML can be read from them.
  private mutating func isText(_ scan: SourceScan) -> Bool {
    if case .notUTF8(let offset, let likely) = scan.obstacle {
      let message =
        likely.map { "the file is \($0), not UTF-8" } ?? "the bytes here are not UTF-8"
      report.add(
        .notUTF8, message, at: offset, end: min(offset + 1, file.bytes.count),
        help: "save the file as UTF-8")
      return false
    }
    for character in scan.invisible {
      let number = String(character.scalar, radix: 16, uppercase: true)
      let padded = String(repeating: "0", count: max(0, 4 - number.count)) + number
      let message =
        character.scalar == 0x0D
        ? "a carriage return stands here without a line feed"
        : "the invisible character U+\(padded) stands here"
      report.add(
        .invisibleCharacter, message, at: character.offset,
        end: character.offset + character.length,
        help: character.scalar == 0x0D
          ? "save the file with the line ends of Unix or Windows" : "remove it")
    }
    return scan.invisible.isEmpty
  }

  /// Reports the tabs that indent, which libyaml lets pass inside brackets.
  private mutating func reportTabs(_ scan: SourceScan, in tree: Tree) {
    guard !scan.tabs.isEmpty, let storage = tree.root?.storage else { return }
    let source = SourceText(bytes: file.bytes)
    // Both the texts and the tabs stand in the order of the file.
    var texts = storage.records.filter { $0.form.isScalar && $0.form != .plain }[...]
    for tab in scan.tabs {
      while let text = texts.first, text.end <= tab { texts.removeFirst() }
      let isInText = texts.first.map { $0.start < tab } ?? false
      if !isInText { Mistake.reportTab(at: tab, in: source, to: &report) }
    }
  }
}
