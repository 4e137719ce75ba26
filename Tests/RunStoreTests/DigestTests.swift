import RunStore
import Testing

@Suite("Digests")
struct DigestTests {
  @Test("a checkpoint's digest is the documented one")
  func checkpointDigest() throws {
    // Python: hashlib.sha256(b"weight\0W\0[1,2]\0" + struct.pack("<2f", 1, -0.0)).hexdigest()
    let tensor = CheckpointTensor(kind: .weight, name: "W", shape: [1, 2], values: [1, -0.0])
    #expect(
      CheckpointDigest.sha256(of: [tensor]) == "384efa5818405837dc503afde262d588fb29fe33b15ccc2414bd9de7013bb809")
  }

  @Test("the order of the tensors does not matter; names, shapes, kinds and every bit of the values do")
  func checkpointDigestCovers() {
    let tensors = sampleTensors()
    let digest = CheckpointDigest.sha256(of: tensors)
    #expect(CheckpointDigest.sha256(of: tensors.reversed()) == digest)
    #expect(CheckpointDigest.sha256(of: tensors.shuffled()) == digest)
    for index in tensors.indices {
      var changed = tensors
      changed[index].name += "x"
      #expect(CheckpointDigest.sha256(of: changed) != digest)
      changed = tensors
      changed[index].shape.append(1)
      #expect(CheckpointDigest.sha256(of: changed) != digest)
      changed = tensors
      changed[index].kind = changed[index].kind == .hidden ? .weight : .hidden
      #expect(CheckpointDigest.sha256(of: changed) != digest)
      changed = tensors
      changed[index].values[0] = Float(bitPattern: changed[index].values[0].bitPattern ^ 1)
      #expect(CheckpointDigest.sha256(of: changed) != digest)
    }
  }

  @Test("the history digest is the documented one")
  func historyDigest() throws {
    // Python: l1 = sha256(bytes(32) + struct.pack("<qddd", 1, .5, .25, 2)).digest(), and for the second step
    // sha256(l1 + pack("<qddd", 2, 0, .25, 1) + b"Etraining\0" + pack("<d", 4) + b"Evalidation\0" + pack("<d", 3)
    //   + b"HH\0[1,2]\0" + pack("<2f", 1, -0.0) + b"HH_l1\0[1]\0" + pack("<f", 5))
    #expect(HistoryDigest.start.hex == String(repeating: "0", count: 64))
    var history = HistoryDigest.start
    history.append(step: StepRecord(step: 1, loss: 0.5, learningRate: 0.25, gradientNorm: 2, trainSeconds: 9))
    #expect(history.hex == "a722c17d1aaf82bc589320058f68a4501bfec7c18e950e2141a493c965978a0e")
    history.append(
      step: StepRecord(step: 2, loss: -0.0, learningRate: 0.25, gradientNorm: 1, trainSeconds: 9),
      evaluations: [
        EvaluationRecord(step: 2, split: "validation", loss: 3), EvaluationRecord(step: 2, split: "training", loss: 4),
      ],
      hiddenStates: [
        HiddenStateRecord(step: 2, name: "H_l1", shape: [1], values: [5]),
        HiddenStateRecord(step: 2, name: "H", shape: [1, 2], values: [1, -0.0]),
      ])
    #expect(history.hex == "194191e924563032312a91b031a1412c0f9993707a5c9ea60facf46234e41031")
    #expect(try HistoryDigest(hex: history.hex) == history)
  }

  @Test("an accuracy adds the documented bytes behind its row, and none adds nothing")
  func historyDigestWithAccuracy() throws {
    // Python: a = lambda v: b"A" + pack("<d", v); l1 = sha256(bytes(32) + pack("<qddd", 1, .5, .25, 2) + a(.75)).digest(),
    // and for the second step sha256(l1 + pack("<qddd", 2, 0, .25, 1) + a(0) + b"Etraining\0" + pack("<d", 4) + a(.5)
    //   + b"Evalidation\0" + pack("<d", 3) + b"HH\0[1]\0" + pack("<f", 5))
    var history = HistoryDigest.start
    history.append(
      step: StepRecord(step: 1, loss: 0.5, learningRate: 0.25, gradientNorm: 2, trainSeconds: 9, accuracy: 0.75))
    #expect(history.hex == "25ca7223cc7b3008461da52a889a7c813606987abcb1c4501eefe820f5fbf301")
    history.append(
      step: StepRecord(step: 2, loss: 0, learningRate: 0.25, gradientNorm: 1, trainSeconds: 9, accuracy: -0.0),
      evaluations: [
        EvaluationRecord(step: 2, split: "validation", loss: 3),
        EvaluationRecord(step: 2, split: "training", loss: 4, accuracy: 0.5),
      ], hiddenStates: [HiddenStateRecord(step: 2, name: "H", shape: [1], values: [5])])
    #expect(history.hex == "f1f5631c87017755f0a19aa5fb1b25a082be4693dc00317e48e55403ec8472f8")
  }

  @Test("it matters which row has an accuracy, and which one")
  func accuracyIsCovered() {
    var links: [HistoryDigest] = []
    for accuracies: [Double?] in [
      [nil, nil, nil], [0.5, nil, nil], [nil, 0.5, nil], [nil, nil, 0.5], [0, nil, nil], [nil, 0, nil], [nil, nil, 0],
      [0.5, 0.5, 0.5], [0.5, 0.5, 0.5.nextUp],
    ] {
      var step = sampleStep(3)
      step.accuracy = accuracies[0]
      let evaluations = zip(["a", "b"], accuracies[1...]).map {
        EvaluationRecord(step: 3, split: $0, loss: 1, accuracy: $1)
      }
      var link = HistoryDigest.start
      link.append(step: step, evaluations: evaluations, hiddenStates: [])
      links.append(link)
      var alone = HistoryDigest.start
      alone.append(step: step)
      links.append(alone)
    }
    // Alone, the step has an accuracy of none, 0.5 or 0.
    #expect(Set(links).count == 9 + 3)
  }

  @Test("the ways to add a step agree, whatever the order of its rows")
  func historyVariants() {
    for accuracy in [nil, 0.25] { expectAgreement(accuracy) }
  }

  private func expectAgreement(_ accuracy: Double?) {
    var step = sampleStep(3)
    step.accuracy = accuracy
    let evaluations = ["b", "a"].map { EvaluationRecord(step: 3, split: $0, loss: 1, accuracy: accuracy) }
    let states = ["H", "C", "H_l1"].map { HiddenStateRecord(step: 3, name: $0, shape: [2], values: [1, 2]) }
    var records = HistoryDigest.start
    records.append(step: step, evaluations: evaluations, hiddenStates: states)
    var reversed = HistoryDigest.start
    reversed.append(step: step, evaluations: evaluations.reversed(), hiddenStates: states.reversed())
    #expect(reversed == records)
    var views = HistoryDigest.start
    states[0].values.withUnsafeBufferPointer { values in
      views.append(
        step: step, evaluations: evaluations,
        hiddenViews: states.map { HiddenStateView(name: $0.name, shape: $0.shape, values: values) })
    }
    #expect(views == records)
    var plain = HistoryDigest.start
    plain.append(step: step)
    var empty = HistoryDigest.start
    empty.append(step: step, evaluations: [], hiddenStates: [])
    #expect(empty == plain && plain != records)
    empty = .start
    empty.append(step: step, evaluations: [], hiddenViews: [])
    #expect(empty == plain)
  }

  @Test("training time is left out, every other number is in")
  func historyCovers() {
    func link(_ change: (inout StepRecord) -> Void) -> HistoryDigest {
      var step = sampleStep(3)
      change(&step)
      var history = HistoryDigest.start
      history.append(step: step)
      return history
    }
    let link0 = link { _ in }
    #expect(link { $0.trainSeconds = 99 } == link0)
    #expect(link { $0.step = 4 } != link0)
    #expect(link { $0.loss = $0.loss.nextUp } != link0)
    #expect(link { $0.learningRate = $0.learningRate.nextUp } != link0)
    #expect(link { $0.gradientNorm = $0.gradientNorm.nextUp } != link0)
  }

  @Test(
    "what is no digest is refused",
    arguments: ["", "00", String(repeating: "G", count: 64), String(repeating: "A", count: 64)])
  func refusesNoDigest(text: String) throws {
    #expect(try storeError { _ = try HistoryDigest(hex: text) }.kind == .invalid)
  }
}
