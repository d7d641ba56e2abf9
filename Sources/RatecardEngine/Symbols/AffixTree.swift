/// Finds which of some words a text begins with, or ends with, in one walk over its first bytes or
/// its last.
struct AffixTree: BitwiseCopyable, Sendable {
  private struct Node: BitwiseCopyable {
    /// Its edges begin here, in the order of their bytes, and end where the next node's begin.
    var firstEdge: Int32
    /// The set of words that end on the way to it.
    var set: Int32
  }

  private struct Edge: BitwiseCopyable {
    let byte: UInt8
    let node: Int32
  }

  private let nodes: Flat<Node>
  private let edges: Flat<Edge>
  private let isReversed: Bool

  /// Makes the tree, and the sets of words, as places, that a text may begin with together.
  static func make(
    _ words: [[UInt8]], reversed: Bool, in arena: Arena
  ) -> (tree: AffixTree, sets: [[Int]]) {
    var children: [[UInt8: Int]] = [[:]]
    var ending: [[Int]] = [[]]
    for (place, word) in words.enumerated() {
      var node = 0
      for byte in reversed ? word.reversed() : word {
        if let next = children[node][byte] {
          node = next
        } else {
          children[node][byte] = children.count
          node = children.count
          children.append([:])
          ending.append([])
        }
      }
      ending[node].append(place)
    }
    var sets: [[Int]] = []
    var setOfNode = [Int32](repeating: 0, count: children.count)
    var nodes: [Node] = []
    var edges: [Edge] = []
    var order: [(node: Int, set: Int32)] = [(0, -1)]
    // Nodes are renumbered in the order in which they are met, so that edges lie side by side.
    var next = 0
    while next < order.count {
      let (node, above) = order[next]
      if above >= 0, ending[node].isEmpty {
        setOfNode[node] = above
      } else {
        setOfNode[node] = Int32(sets.count)
        sets.append((above < 0 ? [] : sets[Int(above)]) + ending[node])
      }
      nodes.append(Node(firstEdge: Int32(edges.count), set: setOfNode[node]))
      for (byte, child) in children[node].sorted(by: { $0.key < $1.key }) {
        edges.append(Edge(byte: byte, node: Int32(order.count)))
        order.append((child, setOfNode[node]))
      }
      next += 1
    }
    nodes.append(Node(firstEdge: Int32(edges.count), set: 0))
    return (
      AffixTree(
        nodes: arena.lay(nodes), edges: arena.lay(edges), isReversed: reversed),
      sets.map { $0.sorted() }
    )
  }

  /// The set of words that a text begins with, or ends with.
  ///
  /// O(length of the longest of them × bytes that may follow).
  @inline(__always)
  func set(_ text: UnsafePointer<UInt8>, _ length: Int) -> Int32 {
    var next = isReversed ? text + length - 1 : text
    let step = isReversed ? -1 : 1
    var node = nodes.base
    for _ in 0..<length {
      let byte = next.pointee
      next += step
      var edge = edges.base + Int(node.pointee.firstEdge)
      let end = edges.base + Int(node[1].firstEdge)
      // Few texts begin alike, so edges are few.
      while edge < end, edge.pointee.byte < byte { edge += 1 }
      guard edge < end, edge.pointee.byte == byte else { break }
      node = nodes.base + Int(edge.pointee.node)
    }
    return node.pointee.set
  }
}
