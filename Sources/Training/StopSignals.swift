import Foundation
import Synchronization

/// A request to stop after the step at hand; safe to make from any thread and from a signal handler.
public final class StopRequest: Sendable {
  private let value = Atomic<Int32>(0)

  /// No request yet.
  public init() {}

  /// Asks to stop because of a signal's number.
  public func request(signal: Int32) {
    value.store(signal, ordering: .relaxed)
  }

  /// The signal that asked, or nil.
  public var signal: Int32? {
    let number = value.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }
}

/// SIGINT and SIGTERM as requests to stop: the step is finished, a checkpoint is written, the run is marked.
public enum StopSignals {
  private static let shared = StopRequest()

  /// Turns this process's SIGINT and SIGTERM into requests from now on.
  ///
  /// A second signal changes nothing: the checkpoint is being written already.
  public static func install() -> StopRequest {
    let request = shared  // made before a handler can run
    var action = sigaction()
    action.sa_flags = SA_RESTART
    let handler: @convention(c) (Int32) -> Void = { StopSignals.shared.request(signal: $0) }
    #if canImport(Darwin)
      action.__sigaction_u.__sa_handler = handler
    #else
      action.__sigaction_handler.sa_handler = handler
    #endif
    for number in [SIGINT, SIGTERM] { sigaction(number, &action, nil) }
    return request
  }
}
