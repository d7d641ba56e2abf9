import RatecardReplay
import Testing

@testable import RatecardCommand

/// How far a backtest is, on a terminal's standard error and nowhere else.
@Suite struct BacktestProgressTests {
  @Test(arguments: [true, false])
  func isShownNowAndThen(isTerminal: Bool) {
    final class State {
      var written = ""
      var time: Int64 = 1_000
    }
    let state = State()
    let console = Console(
      arguments: [], output: Output { _ in 0 },
      errors: Output(isTerminal: isTerminal) { bytes in
        state.written += String(decoding: bytes, as: UTF8.self)
        return 0
      })
    let progress = BacktestProgress(total: 4_000, console) { state.time }
    for (time, rows, bytes) in [
      (1_100, 10, 900), (1_250, 30, 900), (1_300, 40, 300), (3_000, 9_000, 900),
    ] {
      state.time = Int64(time)
      progress.bytesRead.add(bytes)
      progress.show(Backtest.Progress(rows: rows, bytes: 0))
    }
    progress.end()
    let shown = [
      "\r30 rows, 120 rows a second, 45 %\u{1B}[K",
      "\r9,000 rows, 4,500 rows a second, 75 %\u{1B}[K",
      "\r\u{1B}[K",
    ]
    #expect(state.written == (isTerminal ? shown.joined() : ""))
  }
}
