import Recurrent
import Testing

@Suite struct FloatBufferTests {
  @Test(arguments: [0, 1, 15, 16, 17, 100_000])
  func startsAsZerosOnACacheLine(count: Int) throws {
    let buffer = try FloatBuffer(count: count)
    #expect(buffer.count == count && buffer.values == [Float](repeating: 0, count: count))
    #expect(UInt(bitPattern: buffer.pointer) % 64 == 0)
  }

  @Test func copiesAndClears() throws {
    let (buffer, other) = (try FloatBuffer(count: 3), try FloatBuffer(count: 3))
    other.set([1, 2, 3])
    buffer.copy(from: other)
    other.clear()
    #expect(buffer.values == [1, 2, 3] && other.values == [0, 0, 0])
  }

  @Test(arguments: [Int.max, Int.max / 4, 1 << 58])
  func memoryThatThereIsNotIsAnError(count: Int) throws {
    let error = try #require(throws: RecurrentError.self) { try FloatBuffer(count: count) }
    #expect(error.message.contains("\(count) numbers"))
    #expect(error.hint != nil)
  }
}
