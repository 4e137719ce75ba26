import Figures
import Foundation

/// The terminal while a run is watched: the alternate screen, so that what stood there before comes back.
final class WatchScreen {
  private var isEntered = false

  /// Draws what is known of a run, as large as the terminal is just now.
  func show(_ run: WatchedRun) throws {
    let size = TerminalSize.of(STDOUT_FILENO)
    let lines = Self.lines(run, size: size, style: .of(STDOUT_FILENO))
    if !isEntered { Self.write("\u{1B}[?1049h\u{1B}[?25l") }  // the other screen, and no cursor
    isEntered = true
    // From the upper left corner, each line erased to its end, then what is left below.
    Self.write("\u{1B}[H" + lines.prefix(size.rows - 1).map { $0 + "\u{1B}[K\n" }.joined() + "\u{1B}[J")
  }

  /// Brings the terminal back as it was.
  func leave() {
    if isEntered { Self.write("\u{1B}[?25h\u{1B}[?1049l") }
    isEntered = false
  }

  /// Gives the terminal back and stops until the shell goes on with this process.
  func suspend() {
    leave()
    kill(getpid(), SIGSTOP)
  }

  /// The screen's lines: numbers above, the curve in the room that is left, a hint at the bottom.
  static func lines(_ run: WatchedRun, size: TerminalSize, style: TerminalStyle) -> [String] {
    let head = run.numbers(width: size.columns, style)
    let foot = size.columns < 60 ? "Ctrl-C leaves" : "Ctrl-C leaves; the training goes on"
    let room = size.rows - head.count - 3
    guard room >= 8,
      let curve = try? run.picture.lines(
        TerminalSize(columns: size.columns, rows: room), style: style)
    else { return head + ["", foot] }
    return head + curve + [foot]
  }

  private static func write(_ text: String) {
    FileHandle.standardOutput.write(Data(text.utf8))
  }
}
