/// Where zones come from: the system's files, or a test's own.
public struct ZoneDatabase: Sendable {
  /// The zone with an IANA name; nil when there is none.
  public let zone: @Sendable (String) -> Zone?

  /// Makes a database from a way to find a zone by its name.
  public init(_ zone: @escaping @Sendable (String) -> Zone?) { self.zone = zone }
}
