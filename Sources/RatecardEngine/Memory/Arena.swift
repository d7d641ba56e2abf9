/// The memory that a table's decisions read: plain values laid out flat, written once.
///
/// A decision reads it through pointers, so that it neither counts references nor checks accesses.
package final class Arena: @unchecked Sendable {
  // SAFETY: blocks are only added while one owner builds a table, before anything is shared; what
  // they hold is never written again, and they live as long as whoever holds this.
  private var blocks: [UnsafeMutableRawPointer] = []

  /// An arena with nothing in it.
  package init() {}

  /// Copies elements to where they stay as long as the arena lives.
  func lay<Element: BitwiseCopyable>(_ elements: [Element]) -> Flat<Element> {
    guard !elements.isEmpty else { return Flat() }
    let bytes = elements.count * MemoryLayout<Element>.stride
    let block = UnsafeMutableRawPointer.allocate(
      byteCount: bytes, alignment: max(64, MemoryLayout<Element>.alignment))
    elements.withUnsafeBytes { source in
      UnsafeMutableRawBufferPointer(start: block, count: bytes).copyMemory(from: source)
    }
    blocks.append(block)
    return Flat(base: UnsafePointer(block.bindMemory(to: Element.self, capacity: elements.count)))
  }

  deinit { for block in blocks { block.deallocate() } }
}

/// Elements in an arena; whoever keeps them keeps the arena too.
struct Flat<Element: BitwiseCopyable>: BitwiseCopyable, @unchecked Sendable {
  // SAFETY: points into an arena, whose memory is never written after it was laid out.
  let base: UnsafePointer<Element>

  /// No elements: nothing may be read.
  init() { base = UnsafePointer(bitPattern: MemoryLayout<Element>.alignment).unsafelyUnwrapped }

  init(base: UnsafePointer<Element>) { self.base = base }

  @inline(__always)
  subscript(_ place: Int) -> Element { base[place] }

  @inline(__always)
  subscript(_ place: Int32) -> Element { base[Int(place)] }
}
