import Figures
import RunStore

/// The recorded hidden states of a run over its steps: a column a step, a row a unit, a map a layer and direction.
struct HiddenPicture {
  /// The picture.
  let picture: Picture

  /// More columns than a picture has pixels would show nothing more.
  private static let mostSteps = 800

  /// - Parameter stream: which of the parallel streams, from 1.
  /// - Throws: `StoreError` when the run is not there, `CommandError` when it has no hidden states or no such stream.
  init(_ reference: RunReference, in reader: StoreReader, stream: Int) throws {
    let run = try reader.run(reference.run)
    let states = try reader.hiddenStates(runID: run.id, atMost: Self.mostSteps)
    guard let first = states.first else {
      throw CommandError(
        "run \(run.name) has no hidden states to draw",
        hint: "train with --record-hidden-every above 0, and for so many steps; `keepstep fork \(run.id)` can")
    }
    let streams = first.shape.count == 2 ? first.shape[0] : 0
    guard stream <= streams else {
      throw CommandError(
        "--stream is \(stream), and the hidden states of run \(run.name) have \(Numbers.count(streams, "stream"))",
        hint: "streams count from 1 to what `keepstep show \(run.id)` calls batch_size")
    }
    let groups = Dictionary(grouping: states, by: \.name).sorted { TensorOrder($0.key) < TensorOrder($1.key) }
    let maps = groups.map { Self.map($0.key, $0.value, stream: stream - 1) }
    let which = streams > 1 ? ", stream \(stream) of \(streams)" : ""
    picture = .heatMaps(
      HeatMaps(title: "Hidden states of \(run.name)\(which)", maps: maps, across: maps.count > 4 ? 2 : 1))
  }

  private static func map(_ name: String, _ states: [HiddenStateRecord], stream: Int) -> HeatMap {
    let units = states.first?.shape.last ?? 0
    let usable = states.filter { $0.shape == states.first?.shape && $0.values.count >= (stream + 1) * units }
    var values: [Float] = []
    values.reserveCapacity(units * usable.count)
    for unit in 0..<units {
      for state in usable { values.append(state.values[stream * units + unit]) }
    }
    let steps = usable.map { Double($0.step) }
    return HeatMap(
      name, columns: usable.count, values: values, xLabel: "step", yLabel: "unit",
      xRange: (steps.first ?? 0)...(steps.last ?? 0))
  }
}
