import RatecardDiagnostics

/// One file on its way to a tree: checked as bytes, read by libyaml, and where a mistake has an
/// obvious remedy, read once more with the remedy in place so that further mistakes are found too.
struct Reading {
  private let file: SourceFile
  private let id: FileID
  private let limits: Limits
  private(set) var report: Reporter

  /// How often a file is read again after a mistake.
  private static var mostRemedies: Int { 24 }

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
    for _ in 0...Self.mostRemedies {
      let (outcome, place, contextPlace) = read(patched, scan, patches)
      switch outcome {
      case .tree(let tree):
        reportTabs(scan, in: tree)
        return tree
      case .abandoned: return nil
      case .failed(let failure):
        let mistake = Mistake(
          failure, at: place, from: contextPlace, in: patched, original: file.bytes,
          tabs: scan.tabs)
        mistake.report(to: &report)
        guard !mistake.remedy.isEmpty, !report.isFull else { return nil }
        for change in mistake.remedy {
          patched[change.offset] = change.byte
          patches.append(change.offset)
        }
      }
    }
    return nil
  }

  private enum Outcome {
    case tree(Tree)
    case abandoned
    case failed(EventReader.Failure)
  }

  /// Reads `bytes` once; with a failure come the byte offsets of its two places.
  private mutating func read(
    _ bytes: [UInt8], _ scan: SourceScan, _ patches: [Int]
  ) -> (Outcome, place: Int, contextPlace: Int) {
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
        case .complete(let root): return (.tree(builder.tree(root: root)), 0, 0)
        case .abandoned: return (.abandoned, 0, 0)
        case .failed(let failure):
          let place = builder.map.offset(of: failure.place)
          return (.failed(failure), place, builder.map.offset(of: failure.contextPlace))
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
    let texts = storage.records.filter { $0.form.isScalar && $0.form != .plain }
    for tab in scan.tabs {
      let isInText = texts.contains { $0.start < tab && tab < $0.end }
      if !isInText { Mistake.reportTab(at: tab, in: file.bytes, to: &report) }
    }
  }
}
