extension Series {
  /// The same series with no more points than a picture can show, and its extremes kept.
  ///
  /// The points are cut into `buckets` stretches of about equal length. Each keeps its first and last point, its lowest and its
  /// highest, in their order: one bucket a pixel column draws the same line as all points do ("M4", Jugel et al.,
  /// VLDB 2014). A bucket with points that are not finite keeps one of them, so that the line stays interrupted.
  /// A series of up to four points a bucket comes back as it is.
  ///
  /// - Parameter buckets: How many, at least one; the picture's width in pixels is a good number.
  public func thinned(buckets: Int) -> Series {
    let buckets = max(buckets, 1)
    guard points.count / 4 >= buckets else { return self }
    var thinned = self
    thinned.points = []
    thinned.points.reserveCapacity(5 * buckets)
    // Quotient and remainder spread the stretches evenly without a product that could overflow.
    let (length, longer) = points.count.quotientAndRemainder(dividingBy: buckets)
    var start = 0
    for bucket in 0..<buckets {
      let end = start + length + (bucket < longer ? 1 : 0)
      for index in landmarks(start..<end) {
        thinned.points.append(points[index])
      }
      start = end
    }
    return thinned
  }

  /// The indices of a stretch's first, lowest, highest and last finite points and of its first other one, ascending.
  private func landmarks(_ stretch: Range<Int>) -> [Int] {
    var first: Int?
    var last: Int?
    var gap: Int?
    var lowest: Int?
    var highest: Int?
    for index in stretch {
      guard points[index].isDrawable else {
        gap = gap ?? index
        continue
      }
      first = first ?? index
      last = index
      if lowest.map({ points[index].y < points[$0].y }) ?? true { lowest = index }
      if highest.map({ points[index].y > points[$0].y }) ?? true { highest = index }
    }
    return Set([first, last, gap, lowest, highest].compactMap { $0 }).sorted()
  }
}
