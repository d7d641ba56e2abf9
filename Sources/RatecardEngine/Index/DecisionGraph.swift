/// Finds what was decided for a request in one step an axis, at most.
///
/// A node looks at one axis and has a child for each class of it; equal parts of the graph are one.
/// The order of axes may differ from branch to branch, and a branch ends where nothing else matters.
struct DecisionGraph: BitwiseCopyable, Sendable {
  /// Whether it answers; it does not where it would have been too large.
  let isComplete: Bool
  /// A node is its axis, where the axis's classes begin, and the child of each class.
  ///
  /// A child from 0 on is a node, one below is a leaf.
  private let nodes: Flat<Int32>
  private let classes: Flat<Int32>
  private let root: Int32
  /// How much memory it takes.
  let bytes: Int

  /// What stands for a graph that would be too large.
  init() {
    isComplete = false
    nodes = Flat()
    classes = Flat()
    root = DecisionGraph.child(ofLeaf: -1)
    bytes = 0
  }

  init(nodes: [Int32], classes: [Int32], root: Int32, in arena: Arena) {
    isComplete = true
    self.nodes = arena.lay(nodes)
    self.classes = arena.lay(classes)
    self.root = root
    bytes = (nodes.count + classes.count) * 4
  }

  /// What stands for a leaf among children.
  static func child(ofLeaf value: Int32) -> Int32 { -2 - value }

  /// What is decided for the atoms of a request, -1 or more.
  @inline(__always)
  func leaf(_ atoms: UnsafePointer<Int32>) -> Int32 {
    var place = root
    while place >= 0 {
      let node = nodes.base + Int(place)
      let chosen = classes[node[1] &+ atoms[Int(node[0])]]
      place = node[2 &+ Int(chosen)]
    }
    return -2 &- place
  }
}
