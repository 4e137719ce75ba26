/// The sine task's windows of 10 time steps, in 1 or in 5 streams, from literals: a digest's inputs must have the same
/// bits on every machine, which a C library's sine does not promise.
///
/// Window w of stream b sees phase (w + j/9 + 2b/B)·π at time j, the nearest float32 of its sine and cosine. Half a period
/// later both have the other sign. The literals are window 0's, [10, 5], from Python's mpmath with 60 digits:
///
///     bits(f) = numpy.float32(f((mpf(j) / 9 + mpf(2 * b) / 5) * pi)).view(numpy.uint32)
enum SineWindow {
  /// T.
  static let length = 10

  /// x and y [10, B, 1] of a training's step (from 1).
  static func step(_ step: Int, batchSize: Int) -> (x: [Float], y: [Float]) {
    precondition(batchSize == 1 || batchSize == 5)
    return (values(sines, step, batchSize), values(cosines, step, batchSize))
  }

  private static func values(_ table: [UInt32], _ step: Int, _ batchSize: Int) -> [Float] {
    stride(from: 0, to: table.count, by: 5).flatMap { row in
      table[row..<row + batchSize].map { bits in
        let value = Float(bitPattern: bits)
        return step % 2 == 1 ? value : 0 - value  // 0 - 0 is +0
      }
    }
  }

  private static let sines: [UInt32] = [
    0x0000_0000, 0x3F73_7871, 0x3F16_7918, 0xBF16_7918, 0xBF73_7871,
    0x3EAF_1D44, 0x3F7F_D814, 0x3E8D_2057, 0xBF54_3BCE, 0xBF49_BB13,
    0x3F24_8DBB, 0x3F6D_5BEC, 0xBD8E_DC7B, 0xBF78_654D, 0xBF07_A8CA,
    0x3F5D_B3D7, 0x3F3E_3EBD, 0xBED0_3FC9, 0xBF7E_98FD, 0xBE54_E6CD,
    0x3F7C_1C5C, 0x3EF0_5E94, 0xBF31_D522, 0xBF66_175E, 0x3E0E_8365,
    0x3F7C_1C5C, 0x3E0E_8365, 0xBF66_175E, 0xBF31_D522, 0x3EF0_5E94,
    0x3F5D_B3D7, 0xBE54_E6CD, 0xBF7E_98FD, 0xBED0_3FC9, 0x3F3E_3EBD,
    0x3F24_8DBB, 0xBF07_A8CA, 0xBF78_654D, 0xBD8E_DC7B, 0x3F6D_5BEC,
    0x3EAF_1D44, 0xBF49_BB13, 0xBF54_3BCE, 0x3E8D_2057, 0x3F7F_D814,
    0x0000_0000, 0xBF73_7871, 0xBF16_7918, 0x3F16_7918, 0x3F73_7871,
  ]

  private static let cosines: [UInt32] = [
    0x3F80_0000, 0x3E9E_377A, 0xBF4F_1BBD, 0xBF4F_1BBD, 0x3E9E_377A,
    0x3F70_8FB2, 0xBD0E_F2C6, 0xBF76_153F, 0xBF0F_2744, 0x3F1D_9BFE,
    0x3F44_1B7D, 0xBEBF_CC6F, 0xBF7F_605C, 0xBE77_BA60, 0x3F59_19AE,
    0x3F00_0000, 0xBF2B_4C25, 0xBF69_DE1D, 0x3DD6_1305, 0x3F7A_67E2,
    0x3E31_D0D4, 0xBF62_08DA, 0xBF38_26A7, 0x3EE0_722F, 0x3F7D_8235,
    0xBE31_D0D4, 0xBF7D_8235, 0xBEE0_722F, 0x3F38_26A7, 0x3F62_08DA,
    0xBF00_0000, 0xBF7A_67E2, 0xBDD6_1305, 0x3F69_DE1D, 0x3F2B_4C25,
    0xBF44_1B7D, 0xBF59_19AE, 0x3E77_BA60, 0x3F7F_605C, 0x3EBF_CC6F,
    0xBF70_8FB2, 0xBF1D_9BFE, 0x3F0F_2744, 0x3F76_153F, 0x3D0E_F2C6,
    0xBF80_0000, 0xBE9E_377A, 0x3F4F_1BBD, 0x3F4F_1BBD, 0xBE9E_377A,
  ]
}
