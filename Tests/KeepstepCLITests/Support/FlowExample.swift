import Foundation
import Testing

/// A small table and a run trained on it, whose transcripts the tests know by heart.
enum FlowExample {
  /// 26 rows of three columns.
  static let csv =
    "day,flow,rain\n"
    + zip(flow, 0...).map { flow, row in "\(row + 1),\(flow),\(row % 4)\n" }.joined()

  private static let flow = [
    "0.0", "0.327", "0.618", "0.841", "0.972", "0.995", "0.909", "0.723", "0.457", "0.141", "-0.191", "-0.501",
    "-0.757", "-0.929", "-0.999", "-0.959", "-0.813", "-0.578", "-0.279", "0.05", "0.374", "0.657", "0.867", "0.983",
    "0.989", "0.887",
  ]

  static let train =
    "train --data flow.csv --inputs flow,rain --targets flow --shift 1 --window 4 --batch-size 2 --hidden-size 8"
    + " --steps 24 --checkpoint-every 6 --name flow --learning-rate 0.01 --seed 7"

  /// A folder with the table and the run.
  static func place() throws -> Workplace {
    let place = try Workplace()
    try place.write(csv, to: "flow.csv")
    let outcome = try place.succeed(train)
    #expect(outcome.output == "run 1 (flow), finished at step 24, loss 0.23383, best 0.25157 at step 20\n")
    return place
  }
}
