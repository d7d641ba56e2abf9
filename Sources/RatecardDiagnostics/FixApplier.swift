/// Applies the fixes that diagnostics carry to a file's bytes.
public enum FixApplier {
  /// The bytes of the file with the fixes of its diagnostics applied, and how many were.
  ///
  /// Bytes outside the fixes stay as they are. Of fixes that overlap the first is applied; the
  /// others stay for another run. The same fix given twice counts once.
  public static func apply(
    _ diagnostics: [Diagnostic], to file: SourceFile, as id: FileID
  ) -> (bytes: [UInt8], applied: Int) {
    let fixes = diagnostics.compactMap(\.fix).filter { $0.span.file == id }
      .enumerated().sorted { ($0.element.span, $0.offset) < ($1.element.span, $1.offset) }
      .map(\.element)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(file.bytes.count)
    var done = 0
    var applied = 0
    var last: Span?
    for fix in fixes {
      let (start, end) = (Int(fix.span.start), Int(fix.span.end))
      // Two insertions at one point have no order that could be relied on.
      let isTaken = start < done || last == fix.span
      guard !isTaken, end <= file.bytes.count else { continue }
      bytes += file.bytes[done..<start]
      bytes += fix.replacement.utf8
      done = end
      last = fix.span
      applied += 1
    }
    bytes += file.bytes[done...]
    return (bytes, applied)
  }
}
