/// Finds what was decided for a request in one step an axis, at most.
///
/// A node looks at one axis and has a child for each class of it; equal parts of the graph are one.
/// The order of axes may differ from branch to branch, and a branch ends where nothing else matters.
/// Where it is hardly larger, what is decided stands in a table of all classes instead, which takes as
/// many steps for every request, and none that depends on the one before.
struct DecisionGraph: BitwiseCopyable, Sendable {
  /// An axis of the table; below 0, it is past the last.
  private struct TableAxis: BitwiseCopyable {
    let axis: Int32
    /// What its atoms add to the place in the table begins here.
    let firstStep: Int32
  }

  /// Whether it answers; it does not where it would have been too large.
  let isComplete: Bool
  /// Whether there is a table.
  private let isTable: Bool
  private let tableAxes: Flat<TableAxis>
  private let steps: Flat<Int32>
  private let cells: Flat<Int32>
  /// A node is its axis, where the axis's classes begin, and the child of each class.
  ///
  /// A child from 0 on is a node, one below is a leaf.
  private let nodes: Flat<Int32>
  private let classes: Flat<Int32>
  private let root: Int32
  /// How much memory it takes.
  let bytes: Int

  /// How many cells a table may have that is larger than its graph.
  private static let cellLimit = 1_024

  /// What stands for a graph that would be too large.
  init() {
    isComplete = false
    (isTable, tableAxes, steps, cells) = (false, Flat(), Flat(), Flat())
    (nodes, classes) = (Flat(), Flat())
    root = DecisionGraph.child(ofLeaf: -1)
    bytes = 0
  }

  /// Makes a graph of nodes that look at some axes, of which each has `classes` for its atoms.
  init(nodes: [Int32], _ axes: [IndexedAxis], root: Int32, in arena: Arena) {
    let classes = axes.flatMap(\.classOfAtom)
    isComplete = true
    self.root = root
    self.nodes = arena.lay(nodes)
    self.classes = arena.lay(classes)
    let limit = max(Self.cellLimit, 2 * nodes.count)
    guard let table = Self.table(nodes, axes, root: root, limit: limit) else {
      (isTable, tableAxes, steps, cells) = (false, Flat(), Flat(), Flat())
      bytes = (nodes.count + classes.count) * 4
      return
    }
    isTable = true
    tableAxes = arena.lay(table.axes + [TableAxis(axis: -1, firstStep: 0)])
    steps = arena.lay(table.steps)
    cells = arena.lay(table.cells)
    bytes = (nodes.count + classes.count + table.steps.count + table.cells.count) * 4
  }

  /// Every combination of classes, looked up in the graph; nil: there are too many.
  private static func table(
    _ nodes: [Int32], _ axes: [IndexedAxis], root: Int32, limit: Int
  ) -> (axes: [TableAxis], steps: [Int32], cells: [Int32])? {
    var count = 1
    for axis in axes {
      count *= axis.classCount
      if count > limit { return nil }
    }
    var slotOfAxis: [Int32: Int] = [:]
    var (tableAxes, steps, strides): ([TableAxis], [Int32], [Int]) = ([], [], [])
    var stride = 1
    for (slot, axis) in axes.enumerated() {
      slotOfAxis[Int32(axis.axis)] = slot
      tableAxes.append(TableAxis(axis: Int32(axis.axis), firstStep: Int32(steps.count)))
      steps += axis.classOfAtom.map { $0 * Int32(stride) }
      strides.append(stride)
      stride *= axis.classCount
    }
    let cells = (0..<count).map { cell in
      var place = root
      while place >= 0 {
        let slot = slotOfAxis[nodes[Int(place)]] ?? 0
        let chosen = cell / strides[slot] % axes[slot].classCount
        place = nodes[Int(place) + 2 + chosen]
      }
      return -2 - place
    }
    return (tableAxes, steps, cells)
  }

  /// What stands for a leaf among children.
  static func child(ofLeaf value: Int32) -> Int32 { -2 - value }

  /// What is decided for the atoms of a request, -1 or more.
  @inline(__always)
  func leaf(_ atoms: UnsafePointer<Int32>) -> Int32 {
    if isTable {
      var cell: Int32 = 0
      var axis = tableAxes.base
      while axis.pointee.axis >= 0 {
        cell = cell &+ steps[axis.pointee.firstStep &+ atoms[Int(axis.pointee.axis)]]
        axis += 1
      }
      return cells[cell]
    }
    var place = root
    while place >= 0 {
      let node = nodes.base + Int(place)
      let chosen = classes[node[1] &+ atoms[Int(node[0])]]
      place = node[2 &+ Int(chosen)]
    }
    return -2 &- place
  }

  /// What is decided for the atoms of many requests, which lie `stride` apart: four at a time, so that
  /// what one of them waits for is fetched meanwhile.
  @inline(__always)
  func leaves(
    _ count: Int, _ atoms: UnsafePointer<Int32>, _ stride: Int, _ found: (Int, Int32) -> Void
  ) {
    var row = 0
    if !isTable, root >= 0 {
      while row &+ 4 <= count {
        let first = atoms + row &* stride
        let (second, third, fourth) = (
          first + stride, first + 2 &* stride, first + 3 &* stride
        )
        var places = (root, root, root, root)
        repeat {
          places.0 = next(places.0, first)
          places.1 = next(places.1, second)
          places.2 = next(places.2, third)
          places.3 = next(places.3, fourth)
        } while (places.0 & places.1 & places.2 & places.3) >= 0
        found(row, -2 &- places.0)
        found(row &+ 1, -2 &- places.1)
        found(row &+ 2, -2 &- places.2)
        found(row &+ 3, -2 &- places.3)
        row &+= 4
      }
    }
    while row < count {
      found(row, leaf(atoms + row &* stride))
      row &+= 1
    }
  }

  /// One step from a node; a leaf stays where it is.
  @inline(__always)
  private func next(_ place: Int32, _ atoms: UnsafePointer<Int32>) -> Int32 {
    // A leaf looks at the first node, for nothing, so that no branch depends on it.
    let node = nodes.base + Int(max(place, 0))
    let chosen = classes[node[1] &+ atoms[Int(node[0])]]
    let child = node[2 &+ Int(chosen)]
    return place < 0 ? place : child
  }
}
