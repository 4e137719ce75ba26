import ArrayFiles

/// What went wrong with a file of weights: the file, the tensor, both values, and a way out.
///
/// It is the error of all files of arrays, as one text says the same of weights and of other arrays.
public typealias InterchangeError = ArrayFileError

/// Text of a file as it may stand in a message: quoted, escaped and cut.
func quoted(_ text: some StringProtocol) -> String { ArrayFileError.quoted(text) }
