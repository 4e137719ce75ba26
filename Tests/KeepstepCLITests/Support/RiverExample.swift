import Foundation

/// Two rivers in one file, day by day: rows of both in turn, and one river's end earlier.
enum RiverExample {
  /// 40 rows of the north, 25 of the south.
  static let csv: String = {
    var lines = ["river,date,flow,rain"]
    for day in 0..<40 {
      let date = String(format: "2024-%02d-%02d", 1 + day / 31, 1 + day % 31)
      lines.append("north,\(date),\(level(day, 300)),\(day % 5)")
      if day < 25 { lines.append("south,\(date),\(level(day + 7, 80)),\(day % 3)") }
    }
    return lines.joined(separator: "\n") + "\n"
  }()

  private static func level(_ day: Int, _ mean: Int) -> String {
    String(format: "%.2f", Double(mean) + 40 * sin(Double(day) * 0.7) + Double(day * day % 7))
  }

  /// Only the north's rows.
  static let north = csv.split(separator: "\n").filter { !$0.hasPrefix("south") }.joined(separator: "\n") + "\n"

  static let options =
    "--inputs flow,rain --targets flow --shift 1 --window 4 --hidden-size 8 --steps 60 --checkpoint-every 7"
    + " --learning-rate 0.01 --seed 3"

  /// A folder with both files.
  static func place() throws -> Workplace {
    let place = try Workplace()
    try place.write(csv, to: "rivers.csv")
    try place.write(north, to: "north.csv")
    return place
  }
}
