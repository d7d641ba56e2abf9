internal import Glibc
internal import Ratecard

/// Reads a file that is no rate card.
enum FileReader {
  /// All bytes of a file, which has no more than `limit`.
  static func bytes(of path: String, atMost limit: Int) throws(CommandFailure) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .unreadable(FileFailure(path: path, reason: .system(errno)))
    }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count == 0 { return bytes }
      guard count > 0 else {
        if errno == EINTR { continue }
        throw .unreadable(FileFailure(path: path, reason: .system(errno)))
      }
      bytes.append(contentsOf: chunk[..<count])
      guard bytes.count <= limit else {
        throw .file("`\(path)` has more than \(limit >> 20) MiB")
      }
    }
  }
}
