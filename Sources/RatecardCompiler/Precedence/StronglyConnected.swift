/// The strongly connected components of a graph.
///
/// R. Tarjan, "Depth-first search and linear graph algorithms", 1972, here without recursion;
/// O(nodes + edges).
struct StronglyConnected {
  /// Each component's nodes; a component comes after every one it has an edge to.
  private(set) var components: [[Int]] = []

  private var number: [Int]
  private var low: [Int]
  private var isOnStack: [Bool]
  private var stack: [Int] = []
  private var next = 0

  /// `edges[n]` are the nodes that `n` points to.
  init(_ edges: [[Int]]) {
    number = Array(repeating: -1, count: edges.count)
    low = Array(repeating: 0, count: edges.count)
    isOnStack = Array(repeating: false, count: edges.count)
    for start in edges.indices where number[start] < 0 { visit(start, edges) }
  }

  private mutating func visit(_ start: Int, _ edges: [[Int]]) {
    var path: [(node: Int, edge: Int)] = [(start, 0)]
    enter(start)
    while let (node, edge) = path.last {
      if edge < edges[node].count {
        path[path.count - 1].edge += 1
        let target = edges[node][edge]
        if number[target] < 0 {
          enter(target)
          path.append((target, 0))
        } else if isOnStack[target] {
          low[node] = min(low[node], number[target])
        }
      } else {
        path.removeLast()
        if let parent = path.last?.node { low[parent] = min(low[parent], low[node]) }
        if low[node] == number[node] { leave(node) }
      }
    }
  }

  private mutating func enter(_ node: Int) {
    number[node] = next
    low[node] = next
    next += 1
    stack.append(node)
    isOnStack[node] = true
  }

  private mutating func leave(_ root: Int) {
    var component: [Int] = []
    while let node = stack.popLast() {
      isOnStack[node] = false
      component.append(node)
      if node == root { break }
    }
    components.append(component.sorted())
  }
}
