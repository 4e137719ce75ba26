/// This version of Keepstep, as `segments` records it.
public let keepstepVersion = "0.1.0"
