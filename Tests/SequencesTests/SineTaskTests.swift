import Foundation
import Sequences
import Testing

@Suite struct SineTaskTests {
  @Test func everyValueIsTheFloatNearestToTheTrueOne() throws {
    for golden in sineGoldens {
      let task = try SineTask(window: golden.window, batchSize: golden.batchSize)
      let (x, y) = filled(task, window: golden.w)
      let index = golden.j * golden.batchSize + golden.b
      let sine = try #require(Float(golden.sine))
      let cosine = try #require(Float(golden.cosine))
      #expect(x[index].bitPattern == sine.bitPattern, "\(golden)")
      #expect(y[index].bitPattern == cosine.bitPattern, "\(golden)")
    }
  }

  @Test func sizesAreThoseOfTheSeed() throws {
    let task = try SineTask(window: 10, batchSize: 1)
    #expect(task.inputSize == 1 && task.outputSize == 1)
    #expect(task.window == 10 && task.batchSize == 1)
    #expect(task.windowsPerPass == nil)
  }

  @Test(arguments: [(10, 1), (9, 4), (1, 1), (1, 6), (2, 5), (64, 33)])
  func windowsRepeatForEver(window: Int, batchSize: Int) throws {
    let task = try SineTask(window: window, batchSize: batchSize)
    for first in [0, 1] {
      let early = filled(task, window: first)
      for later in [2, 1_000_000, 987_654_321_000, Int.max - 1] {
        let late = filled(task, window: first + later)
        #expect(sameBits(early.x, late.x) && sameBits(early.y, late.y))
      }
    }
  }

  @Test(arguments: [(10, 1), (9, 4), (1, 6), (2, 5), (64, 33)])
  func halfAPeriodLaterEveryValueHasTheOtherSign(window: Int, batchSize: Int) throws {
    let task = try SineTask(window: window, batchSize: batchSize)
    let even = filled(task, window: 6)
    let odd = filled(task, window: 7)
    #expect(sameBits(odd.x, even.x.map { 0 - $0 }))
    #expect(sameBits(odd.y, even.y.map { 0 - $0 }))
  }

  @Test func aWindowEndsWhereTheNextBegins() throws {
    let task = try SineTask(window: 10, batchSize: 3)
    for w in 0..<4 {
      let now = filled(task, window: w)
      let next = filled(task, window: w + 1)
      #expect(sameBits(Array(now.x.suffix(3)), Array(next.x.prefix(3))))
      #expect(sameBits(Array(now.y.suffix(3)), Array(next.y.prefix(3))))
    }
  }

  @Test func zerosAreExactAndNeverMinusZero() throws {
    // Times 0, π/2 and π of each window: the sine is 0, ±1, 0 and the cosine ±1, 0, ∓1.
    let task = try SineTask(window: 3, batchSize: 1)
    for w in [0, 1, 2, 3, 1_000_001] {
      let (x, y) = filled(task, window: w)
      let sign: Float = w % 2 == 0 ? 1 : -1
      #expect(sameBits(x, [0, sign, 0]))
      #expect(sameBits(y, [sign, 0, -sign]))
    }
  }

  @Test func theWaveNeverStartsAnew() throws {
    let task = try SineTask(window: 3, batchSize: 2)
    #expect([0, 1, 2, 1_000_000].allSatisfy { !task.startsFromZero(window: $0) })
  }

  @Test func streamsSpreadOverOnePeriod() throws {
    let task = try SineTask(window: 1, batchSize: 4)
    let (x, y) = filled(task, window: 0)
    #expect(sameBits(x, [0, 1, 0, -1]))
    #expect(sameBits(y, [1, 0, -1, 0]))
  }

  @Test func eachStreamIsTheSeedsWaveFromItsOwnStart() throws {
    // Stream 2 of 4 starts at π, one window later than stream 0.
    let task = try SineTask(window: 10, batchSize: 4)
    let one = filled(try SineTask(window: 10, batchSize: 1), window: 1)
    let (x, y) = filled(task, window: 0)
    let stream = { (values: [Float]) in (0..<10).map { values[$0 * 4 + 2] } }
    #expect(sameBits(stream(x), one.x) && sameBits(stream(y), one.y))
  }

  @Test func sineAndCosineLieOnTheCircle() throws {
    let (x, y) = filled(try SineTask(window: 1_001, batchSize: 8), window: 1)
    for (sine, cosine) in zip(x, y) {
      let square = Double(sine) * Double(sine) + Double(cosine) * Double(cosine)
      #expect(abs(square - 1) < 1.3e-7)
    }
  }

  @Test func theSystemsLibraryAgrees() throws {
    // Both are within a hair of the truth, so at most a rounding at a midpoint could differ; none does here.
    let task = try SineTask(window: 501, batchSize: 3)
    let (x, y) = filled(task, window: 0)
    for time in 1..<500 {
      let phase = task.phase(window: 0, time: time, stream: 0)
      #expect(x[time * 3] == Float(sin(phase)))
      // In the middle stands π/2, which a Double only comes near to.
      #expect(y[time * 3] == (time == 250 ? 0 : Float(cos(phase))))
    }
  }

  @Test func theSeedsFloatPhasesDifferBelow4e5() throws {
    let task = try SineTask(window: 10, batchSize: 1)
    var largest: Float = 0
    for w in 0..<300 {
      let (x, y) = filled(task, window: w)
      for j in 0..<10 {
        let seedPhase = Double(Float(task.phase(window: w, time: j, stream: 0)))
        largest = max(largest, abs(x[j] - Float(sin(seedPhase))), abs(y[j] - Float(cos(seedPhase))))
      }
    }
    #expect(largest < 4e-5 && largest > 1e-6)
  }

  @Test func phaseGoesOnInRadians() throws {
    let task = try SineTask(window: 10, batchSize: 4)
    #expect(task.phase(window: 0, time: 0, stream: 0) == 0)
    #expect(task.phase(window: 3, time: 9, stream: 0) == 4 * Double.pi)
    #expect(task.phase(window: 2, time: 0, stream: 1) == 2.5 * Double.pi)
    #expect(try SineTask(window: 1, batchSize: 1).phase(window: 5, time: 0, stream: 0) == 5 * Double.pi)
  }

  @Test(arguments: [
    (0, 1, "the window is 0 time steps; it must be at least 1"),
    (-3, 1, "the window is -3 time steps; it must be at least 1"),
    (10, 0, "the batch size is 0; it must be at least 1"),
    (10, Int.min, "the batch size is -9223372036854775808; it must be at least 1"),
    (
      Int.max, 2,
      "one period of the sine task, with window 9223372036854775807 and batch size 2, does not fit in memory"
    ),
    (
      1 << 30, 1 << 15,
      "one period of the sine task, with window 1073741824 and batch size 32768, does not fit in memory"
    ),
  ])
  func impossibleSizesAreRefused(window: Int, batchSize: Int, message: String) {
    #expect {
      try SineTask(window: window, batchSize: batchSize)
    } throws: { error in
      (error as? SequenceError)?.message == message && error.localizedDescription == message
    }
  }
}
