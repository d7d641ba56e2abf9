import CYAML

/// libyaml's event parser over a buffer of UTF-8; the only file that knows its C types.
///
/// Places are libyaml's: code points from the start of the buffer.
struct EventReader: ~Copyable {
  /// What an event says.
  enum Kind {
    case streamEnd, documentStart, documentEnd, alias, scalar
    case sequenceStart, sequenceEnd, mappingStart, mappingEnd
    case failure, other
  }

  /// Why libyaml stopped, in its own words.
  struct Failure {
    /// What it found wrong.
    let problem: String
    /// Where, in code points.
    let place: Int
    /// What it was reading at the time; may be empty.
    let context: String
    /// Where that began.
    let contextPlace: Int
  }

  // SAFETY: both are allocated in `init`, owned by this value alone (it cannot be copied) and freed
  // in `deinit`; the address of the parser must not change between calls, hence the heap.
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let event: UnsafeMutablePointer<yaml_event_t>

  /// Reads from `bytes`, which must stay valid as long as the reader is used.
  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    parser = .allocate(capacity: 1)
    parser.initialize(to: yaml_parser_t())
    event = .allocate(capacity: 1)
    event.initialize(to: yaml_event_t())
    guard yaml_parser_initialize(parser) == 1 else {
      preconditionFailure("libyaml has no memory for a parser")
    }
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
  }

  deinit {
    yaml_event_delete(event)
    yaml_parser_delete(parser)
    event.deallocate()
    parser.deallocate()
  }

  /// Moves to the next event.
  ///
  /// After `streamEnd` and `failure` there is none.
  mutating func next() -> Kind {
    yaml_event_delete(event)
    guard yaml_parser_parse(parser, event) == 1 else { return .failure }
    switch event.pointee.type {
    case YAML_SCALAR_EVENT: return .scalar
    case YAML_MAPPING_START_EVENT: return .mappingStart
    case YAML_MAPPING_END_EVENT: return .mappingEnd
    case YAML_SEQUENCE_START_EVENT: return .sequenceStart
    case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
    case YAML_ALIAS_EVENT: return .alias
    case YAML_DOCUMENT_START_EVENT: return .documentStart
    case YAML_DOCUMENT_END_EVENT: return .documentEnd
    case YAML_STREAM_END_EVENT: return .streamEnd
    default: return .other
    }
  }

  /// Where the event begins: at its anchor or tag, if it has one.
  var start: Int { event.pointee.start_mark.index }
  /// Where the event ends; for a block collection or scalar, where the next token begins.
  var end: Int { event.pointee.end_mark.index }

  /// The failure that `next` answered with.
  var failure: Failure {
    let state = parser.pointee
    let problem = state.problem.map { String(cString: $0) } ?? "out of memory"
    let isReader = state.error == YAML_READER_ERROR
    return Failure(
      problem: problem, place: isReader ? state.mark.index : state.problem_mark.index,
      context: state.context.map { String(cString: $0) } ?? "",
      contextPlace: state.context_mark.index)
  }

  /// How a scalar or collection event is written.
  var form: TreeStorage.Form {
    switch event.pointee.type {
    case YAML_SEQUENCE_START_EVENT: return .sequence
    case YAML_MAPPING_START_EVENT: return .mapping
    default: break
    }
    switch event.pointee.data.scalar.style {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE: return .singleQuoted
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: return .doubleQuoted
    case YAML_LITERAL_SCALAR_STYLE: return .literal
    case YAML_FOLDED_SCALAR_STYLE: return .folded
    default: return .plain
    }
  }

  /// Whether a collection event is written in brackets.
  var isFlow: Bool {
    switch event.pointee.type {
    case YAML_SEQUENCE_START_EVENT:
      return event.pointee.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE
    case YAML_MAPPING_START_EVENT:
      return event.pointee.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE
    default: return false
    }
  }

  /// Whether the event has an anchor or a tag before its content.
  var hasProperties: Bool {
    switch event.pointee.type {
    case YAML_SCALAR_EVENT:
      return event.pointee.data.scalar.anchor != nil || event.pointee.data.scalar.tag != nil
    case YAML_SEQUENCE_START_EVENT:
      return event.pointee.data.sequence_start.anchor != nil
        || event.pointee.data.sequence_start.tag != nil
    case YAML_MAPPING_START_EVENT:
      return event.pointee.data.mapping_start.anchor != nil
        || event.pointee.data.mapping_start.tag != nil
    default: return false
    }
  }

  /// The name after `&` or `*`.
  var anchor: String? {
    let name =
      switch event.pointee.type {
      case YAML_SCALAR_EVENT: event.pointee.data.scalar.anchor
      case YAML_SEQUENCE_START_EVENT: event.pointee.data.sequence_start.anchor
      case YAML_MAPPING_START_EVENT: event.pointee.data.mapping_start.anchor
      case YAML_ALIAS_EVENT: event.pointee.data.alias.anchor
      default: nil as UnsafeMutablePointer<UInt8>?
      }
    return name.map { String(cString: $0) }
  }

  /// Whether a document start has a `%TAG` line.
  var hasTagDirective: Bool {
    event.pointee.data.document_start.tag_directives.start
      != event.pointee.data.document_start.tag_directives.end
  }

  /// Appends a scalar's text and answers its length in bytes.
  func appendText(to pool: inout ContiguousArray<UInt8>) -> Int {
    let length = event.pointee.data.scalar.length
    pool.append(
      contentsOf: UnsafeBufferPointer(start: event.pointee.data.scalar.value, count: length))
    return length
  }
}
