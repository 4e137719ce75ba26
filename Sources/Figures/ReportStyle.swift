/// The look of a report: sizes, and colours for light and for dark.
enum ReportStyle {
  /// The page's style sheet. The colours of pictures are variables named by what they are on white: see `SVGText.inline`.
  static let css = """
    :root { --page: #ffffff; --ink: #24292f; --soft: #57606a; --line: #d8dee4; --panel: #f6f8fa; }
    @media (prefers-color-scheme: dark) {
      :root {
        --page: #14171c; --ink: #e3e7ec; --soft: #9aa4af; --line: #343b44; --panel: #1d2128;
        --c333333: #d5dae0; --c000000: #d5dae0; --c999999: #6b7480; --ce4e4e4: #2b3139; --cffffff: #14171c;
    \(series)
      }
    }
    * { box-sizing: border-box; }
    body { margin: 0 auto; padding: 1.5rem clamp(.8rem, 3vw, 2.5rem) 3rem; max-width: 72rem; background: var(--page);
      color: var(--ink); font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
    h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .3rem; }
    h2 { font-size: 1.2rem; margin: 2.5rem 0 .8rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); }
    header p, figcaption, footer { color: var(--soft); margin: 0; }
    dl { margin: 0; }
    dd { margin: 0; font-variant-numeric: tabular-nums; }
    dt { color: var(--soft); font-size: .85rem; }
    .highlights { display: grid; gap: .75rem; margin-top: 1.2rem;
      grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); }
    .highlights div { background: var(--panel); border: 1px solid var(--line); border-radius: .5rem; padding: .6rem .9rem; }
    .highlights dd { font-size: 1.25rem; font-weight: 600; }
    .facts { display: grid; gap: 0 2rem; grid-template-columns: repeat(auto-fill, minmax(min(19rem, 100%), 1fr)); }
    .facts div { display: flex; justify-content: space-between; gap: 1rem; padding: .25rem 0;
      border-bottom: 1px solid var(--line); }
    .facts dt { flex: none; }
    .facts dd { text-align: right; }
    figure { margin: 0 0 1.5rem; }
    figure svg { display: block; width: 100%; height: auto; }
    figcaption { font-size: .9rem; }
    .narrow { display: none; }
    @media (max-width: 40rem) { .wide { display: none; } .narrow { display: block; } }
    .table { overflow-x: auto; }
    table { border-collapse: collapse; font-size: .82rem; font-variant-numeric: tabular-nums; }
    th, td { text-align: left; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
    th { color: var(--soft); font-weight: 500; }
    pre { background: var(--panel); border: 1px solid var(--line); border-radius: .5rem; padding: .8rem 1rem;
      overflow-x: auto; font: .85rem/1.5 ui-monospace, monospace; overflow-wrap: normal; }
    footer { margin-top: 3rem; font-size: .85rem; }
    @media print { body { max-width: none; } section { break-inside: avoid; } }
    """

  /// The curves' colours in the dark, brighter than on white, and those of faint curves darker.
  private static var series: String {
    let dark: [(Color, UInt32)] = [
      (.blue, 0x58_A6FF), (.orange, 0xF7_A440), (.green, 0x56_C271), (.red, 0xFF_6B63), (.purple, 0xB7_94E6),
      (.teal, 0x3F_C4CB), (.brown, 0xC4_8F83), (.gray, 0xA3_ABB5),
    ]
    return dark.map { color, hex in
      "    --c\(color.text.dropFirst()): \(Color(hex: hex).text); "
        + "--c\(color.lighter().text.dropFirst()): \(Color(hex: hex).darker().text);"
    }.joined(separator: "\n")
  }
}
