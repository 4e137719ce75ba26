import CKernels

/// Recurrent layers and a linear one on top, their parameters and their gradients.
///
/// data → layer 0 → dropout → layer 1 → … → output layer → loss; each layer has one or two directions. Nothing is
/// allocated after the first pass. Not thread-safe: one owner at a time.
public final class Network {
  /// Sizes and switches.
  public let configuration: NetworkConfiguration
  /// Where each tensor stands in `parameters` and `gradients`.
  public let directory: TensorDirectory
  /// The weights, flat.
  public let parameters: FloatBuffer
  /// ∂L/∂weights of the last `backward`, flat.
  public let gradients: FloatBuffer
  /// The threads at work.
  public let plan: ThreadPlan

  let kernels: Kernels
  private let layers: [Layer]
  private let output: OutputLayer
  private let dropout: Dropout?
  private var team: Team?
  /// What the team is at.
  private var job: Job?

  /// An untrained network, drawn from `seed` as PyTorch would draw it; the seed is that of dropout, too.
  ///
  /// - Throws: `RecurrentError` when a size is out of range or the memory can't be had.
  public init(_ configuration: NetworkConfiguration, kernels: Kernels, seed: UInt64, plan: ThreadPlan = .single) throws
  {
    try configuration.validate(window: 1, batchSize: 1)
    let directory = TensorDirectory(configuration)
    let parameters = try FloatBuffer(count: directory.count)
    let shares = plan.shares(nil, batchSize: plan.batchSize)
    self.configuration = configuration
    self.directory = directory
    self.kernels = kernels
    self.plan = plan
    self.parameters = parameters
    gradients = try FloatBuffer(count: directory.count)
    layers = try configuration.places.map {
      try Layer(configuration, $0, directory, parameters, kernels, shares: shares)
    }
    output = try OutputLayer(configuration, directory, parameters, kernels, shares: shares)
    dropout =
      configuration.dropout > 0
      ? Dropout(kernels: kernels, probability: configuration.dropout, seed: seed) : nil
    InitialWeights.draw(configuration, seed: seed, into: parameters)
    if plan.count > 1 {
      team = Team(count: plan.count) { [unowned self] index in work(index) }
    }
  }
}

extension Network {
  /// Hidden states and outputs of a window, from its inputs and its carried states.
  ///
  /// - Parameter window: the inputs X [T, B, I] and the states to begin with; it takes the outputs.
  /// - Parameter step: the training step, whose dropout masks apply; nil in evaluation, without dropout.
  public func forward(_ window: Window, step: Int? = nil) {
    run(.forward(window, step: step))
  }

  /// All gradients of a window's loss, by back-propagation through its time steps, after `forward` and `loss`.
  ///
  /// - Parameter window: the one that `forward` and `loss` were given.
  /// - Parameter step: as it was given to `forward`.
  public func backward(_ window: Window, step: Int? = nil) {
    run(.backward(window, step: step))
  }

  /// √Σ g² over all parameters as PyTorch counts them: a bias that stands for two counts twice.
  public func gradientNorm() -> Double {
    var sum = 0.0
    for entry in directory.entries {
      let squares = kernels.table.pointee.sum_of_squares(entry.count, gradients.pointer + entry.offset)
      sum += Double(entry.multiplicity) * squares
    }
    return sum.squareRoot()
  }
}

// MARK: - One thread's work

extension Network {
  /// What the threads do together.
  enum Job {
    case forward(Window, step: Int?)
    case backward(Window, step: Int?)
    case update(Optimizer)
  }

  /// Does a job with all threads.
  func run(_ job: Job) {
    guard let team else {
      perform(job, 0)
      return
    }
    self.job = job
    team.run()
    self.job = nil
  }

  private func work(_ index: Int) {
    if let job { perform(job, index) }
  }

  private func perform(_ job: Job, _ index: Int) {
    switch job {
    case .forward(let window, let step): forward(window, step, share(index, window.batchSize))
    case .backward(let window, let step): backward(window, step, share(index, window.batchSize))
    case .update(let optimizer): optimizer.update(self, share(index, 1))
    }
  }

  private func share(_ index: Int, _ batchSize: Int) -> Share {
    Share(plan.split, index: index, count: plan.count, batchSize: batchSize, team: team)
  }

  private func forward(_ window: Window, _ step: Int?, _ share: Share) {
    for layer in layers { layer.packForward(share) }
    share.meet()
    let (L, D) = (configuration.numLayers, configuration.directionCount)
    for layer in 0..<L {
      let rows = window.rows(ofLayer: layer, isTraining: step != nil)
      for place in layer * D..<(layer + 1) * D { layers[place].forward(window.places[place], inputs: rows, share) }
      if layer < L - 1 { drop(layer, window, step, share) { ($0.states, $0.dropped) } }
    }
    share.meet()
    output.forward(window, parts: window.rows(ofLayer: L, isTraining: step != nil), share)
  }

  private func backward(_ window: Window, _ step: Int?, _ share: Share) {
    let (L, D) = (configuration.numLayers, configuration.directionCount)
    for layer in layers { layer.packBackward(share) }
    output.packBackward(share)
    share.meet()
    for (part, rows) in window.gradientRows(ofLayer: L - 1).enumerated() {
      output.inputGradient(window, part: part, into: rows, share)
    }
    for layer in stride(from: L - 1, through: 0, by: -1) {
      for place in layer * D..<(layer + 1) * D { layers[place].backward(window.places[place], share) }
      if layer > 0 { backward(into: layer - 1, window, step, share) }
    }
    share.meet()
    gradients(window, isTraining: step != nil, share)
  }

  /// ∂L/∂H of a layer, from ∂L/∂Z of the one above.
  private func backward(into layer: Int, _ window: Window, _ step: Int?, _ share: Share) {
    let directions = configuration.directionCount
    for (part, rows) in window.gradientRows(ofLayer: layer).enumerated() {
      for direction in 0..<directions {
        let above = (layer + 1) * directions + direction
        layers[above].inputGradient(
          window.places[above], part: part, into: rows, isFirst: direction == 0, share)
      }
    }
    drop(layer, window, step, share) { ($0.hiddenGradient, $0.hiddenGradient) }
  }

  private func gradients(_ window: Window, isTraining: Bool, _ share: Share) {
    for (place, layer) in layers.enumerated() {
      let rows = window.rows(ofLayer: place / configuration.directionCount, isTraining: isTraining)
      layer.gradients(window.places[place], inputs: rows, into: gradients, share)
    }
    let rows = window.rows(ofLayer: configuration.numLayers, isTraining: isTraining)
    output.gradients(window, parts: rows, into: gradients, share)
  }

  /// Dropout behind a layer, in training.
  private func drop(
    _ layer: Int, _ window: Window, _ step: Int?, _ share: Share,
    _ rows: (LayerWindow) -> (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>)
  ) {
    guard let step, let dropout else { return }
    let first = layer * configuration.directionCount
    for place in first..<first + configuration.directionCount {
      let (source, destination) = rows(window.places[place])
      dropout.apply(source, into: destination, window.places[place], step: step, place: place, share)
    }
    // The layer above, or below, reads all units.
    share.meetAfterTimeStep()
  }
}
