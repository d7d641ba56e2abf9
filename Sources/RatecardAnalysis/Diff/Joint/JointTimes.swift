import RatecardCompiler
import RatecardModel
import RatecardValues

/// The instants that two cards tell apart, and the windows of both.
struct JointTimes {
  /// How many windows fit into the bits of a set.
  private static let windowLimit = 64

  let domain: TimeDomain
  /// The windows that one of the cards looks at; what is the same window in both stands once.
  let windows: [NamedWindow]
  /// The own atom that each joint atom is read as.
  let atoms: Both<[Int?]>

  init(_ spaces: Both<Space>) throws(DifferenceFailure) {
    let own = spaces.map { space -> TimeDomain? in
      guard let axis = space.axis(of: .at, in: .afterRouting),
        case .times(let times) = space.axes[axis].domain
      else { return nil }
      return times
    }
    var windows: [NamedWindow] = []
    func places(_ times: TimeDomain?, _ card: Card) -> [Int] {
      (times?.windows ?? []).map { index in
        let window = card.windows[index]
        if let known = windows.firstIndex(where: { $0.window == window.window }) { return known }
        windows.append(window)
        return windows.count - 1
      }
    }
    let old = places(own.old, spaces.old.card)
    let oldCount = windows.count
    let new = places(own.new, spaces.new.card)
    guard windows.count <= Self.windowLimit else {
      throw .tooManyWindows(limit: Self.windowLimit)
    }
    self.windows = Self.named(windows, oldCount: oldCount)
    let cuts = Set((own.old?.cuts ?? []) + (own.new?.cuts ?? [])).sorted()
    let combinations = WindowCombinations(windows: windows.map(\.window), cuts: cuts)
    domain = TimeDomain(
      cuts: cuts, windows: Array(windows.indices), atoms: combinations.atoms())
    atoms = Both(
      Self.reading(of: domain, own.old, places: old), Self.reading(of: domain, own.new, places: new)
    )
  }

  /// Windows of one name that differ are told apart by the card they stand in.
  private static func named(_ windows: [NamedWindow], oldCount: Int) -> [NamedWindow] {
    windows.enumerated().map { place, window in
      guard windows.contains(where: { $0.name == window.name && $0.window != window.window })
      else { return window }
      var copy = window
      copy.name = ExactText("\(window.name) \(place < oldCount ? "(old)" : "(new)")")
      return copy
    }
  }

  /// The own atom of each joint atom; `places` are the joint places of the card's own windows.
  private static func reading(
    of joint: TimeDomain, _ own: TimeDomain?, places: [Int]
  ) -> [Int?] {
    joint.atoms.map { time in
      guard let own else { return 0 }
      var held: UInt64 = 0
      for (place, jointPlace) in places.enumerated() where time.windows & 1 << jointPlace != 0 {
        held |= 1 << UInt64(place)
      }
      let stretch = own.stretchesBefore(time.example)
      return own.atoms(inStretches: stretch..<stretch + 1).atoms.first {
        own.atoms[$0].windows == held
      }
    }
  }
}
