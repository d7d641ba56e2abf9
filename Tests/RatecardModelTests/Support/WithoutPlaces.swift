/// What a value says, without the places where it was written: every `span` is left out.
func withoutPlaces(_ value: Any) -> String {
  let mirror = Mirror(reflecting: value)
  switch mirror.displayStyle {
  case .struct, .class, .tuple, .enum, .optional:
    if mirror.children.isEmpty { return "\(value)" }
    let parts = mirror.children.filter { $0.label != "span" }
      .map { "\($0.label ?? ""): \(withoutPlaces($0.value))" }
    return "\(mirror.subjectType)(\(parts.joined(separator: ", ")))"
  case .collection:
    return "["
      + mirror.children.map { withoutPlaces($0.value) }
      .joined(separator: ",\n") + "]"
  case .set, .dictionary:
    return "{"
      + mirror.children.map { withoutPlaces($0.value) }.sorted()
      .joined(separator: ", ") + "}"
  default: return String(reflecting: value)
  }
}
