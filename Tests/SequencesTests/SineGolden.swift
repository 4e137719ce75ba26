/// A value of the sine task to 50 digits, from Python's mpmath. The program that wrote the list:
///
///     from mpmath import mp, mpf, sin, cos, pi, nstr
///     mp.dps = 60
///     def line(w, j, b, T, B):
///         phase = (w + (mpf(j) / (T - 1) if T > 1 else 0) + mpf(2 * b) / B) * pi
///         text = lambda v: "0" if abs(v) < mpf(10) ** -40 else nstr(v, 50)
///         print(f'  SineGolden(w: {w}, j: {j}, b: {b}, window: {T}, batchSize: {B},')
///         print(f'    sine: "{text(sin(phase))}",\n    cosine: "{text(cos(phase))}"),')
///     for T, B in [(10, 1), (7, 5), (2, 3), (1, 7)]:
///         for w, j, b in [(0, 0, 0), (0, T // 2, B // 2), (1, T - 1, B - 1), (2, T // 3, 0),
///                         (1000003, T // 2, B - 1), (4000000000000, T // 4, B // 3)]:
///             line(w, j, b, T, B)
///     for w, j, b, T, B in [(0, 1, 0, 1000001, 1), (5, 999999, 0, 1000001, 1), (0, 250000, 0, 1000001, 1),
///                           (7, 333333, 0, 1000001, 1), (123456789, 17, 16, 34, 33)]:
///         line(w, j, b, T, B)
struct SineGolden {
  let w: Int
  let j: Int
  let b: Int
  let window: Int
  let batchSize: Int
  let sine: String
  let cosine: String
}

let sineGoldens = [
  SineGolden(
    w: 0, j: 0, b: 0, window: 10, batchSize: 1,
    sine: "0",
    cosine: "1.0"),
  SineGolden(
    w: 0, j: 5, b: 0, window: 10, batchSize: 1,
    sine: "0.98480775301220805936674302458952301367064325171984",
    cosine: "-0.17364817766693034885171662676931479600037567718407"),
  SineGolden(
    w: 1, j: 9, b: 0, window: 10, batchSize: 1,
    sine: "0",
    cosine: "1.0"),
  SineGolden(
    w: 2, j: 3, b: 0, window: 10, batchSize: 1,
    sine: "0.86602540378443864676372317075293618347140262690519",
    cosine: "0.5"),
  SineGolden(
    w: 1_000_003, j: 5, b: 0, window: 10, batchSize: 1,
    sine: "-0.98480775301220805936674302458952301367064325171984",
    cosine: "0.17364817766693034885171662676931479600037567718407"),
  SineGolden(
    w: 4_000_000_000_000, j: 2, b: 0, window: 10, batchSize: 1,
    sine: "0.64278760968653932632264340990726343290755988420503",
    cosine: "0.76604444311897803520239265055541667393583245708095"),
  SineGolden(
    w: 0, j: 0, b: 0, window: 7, batchSize: 5,
    sine: "0",
    cosine: "1.0"),
  SineGolden(
    w: 0, j: 3, b: 2, window: 7, batchSize: 5,
    sine: "-0.80901699437494742410229341718281905886015458990288",
    cosine: "-0.58778525229247312916870595463907276859765243764315"),
  SineGolden(
    w: 1, j: 6, b: 4, window: 7, batchSize: 5,
    sine: "-0.95105651629515357211643933337938214340569863412575",
    cosine: "0.30901699437494742410229341718281905886015458990288"),
  SineGolden(
    w: 2, j: 2, b: 0, window: 7, batchSize: 5,
    sine: "0.86602540378443864676372317075293618347140262690519",
    cosine: "0.5"),
  SineGolden(
    w: 1_000_003, j: 3, b: 4, window: 7, batchSize: 5,
    sine: "-0.30901699437494742410229341718281905886015458990288",
    cosine: "-0.95105651629515357211643933337938214340569863412575"),
  SineGolden(
    w: 4_000_000_000_000, j: 1, b: 1, window: 7, batchSize: 5,
    sine: "0.97814760073380563792856674786959953245973780886267",
    cosine: "-0.20791169081775933710174228440512516621658476062776"),
  SineGolden(
    w: 0, j: 0, b: 0, window: 2, batchSize: 3,
    sine: "0",
    cosine: "1.0"),
  SineGolden(
    w: 0, j: 1, b: 1, window: 2, batchSize: 3,
    sine: "-0.86602540378443864676372317075293618347140262690519",
    cosine: "0.5"),
  SineGolden(
    w: 1, j: 1, b: 2, window: 2, batchSize: 3,
    sine: "-0.86602540378443864676372317075293618347140262690519",
    cosine: "-0.5"),
  SineGolden(
    w: 2, j: 0, b: 0, window: 2, batchSize: 3,
    sine: "0",
    cosine: "1.0"),
  SineGolden(
    w: 1_000_003, j: 1, b: 2, window: 2, batchSize: 3,
    sine: "-0.86602540378443864676372317075293618347140262690519",
    cosine: "-0.5"),
  SineGolden(
    w: 4_000_000_000_000, j: 0, b: 1, window: 2, batchSize: 3,
    sine: "0.8660254037844386467637231707529361834714026269058",
    cosine: "-0.49999999999999999999999999999999999999999999999895"),
  SineGolden(
    w: 0, j: 0, b: 0, window: 1, batchSize: 7,
    sine: "0",
    cosine: "1.0"),
  SineGolden(
    w: 0, j: 0, b: 3, window: 1, batchSize: 7,
    sine: "0.43388373911755812047576833284835875460999072778746",
    cosine: "-0.90096886790241912623610231950744505116591916213186"),
  SineGolden(
    w: 1, j: 0, b: 6, window: 1, batchSize: 7,
    sine: "0.78183148246802980870844452667405775023233451870869",
    cosine: "-0.6234898018587335305250048840042398106322747308964"),
  SineGolden(
    w: 2, j: 0, b: 0, window: 1, batchSize: 7,
    sine: "0",
    cosine: "1.0"),
  SineGolden(
    w: 1_000_003, j: 0, b: 6, window: 1, batchSize: 7,
    sine: "0.78183148246802980870844452667405775023233451870869",
    cosine: "-0.6234898018587335305250048840042398106322747308964"),
  SineGolden(
    w: 4_000_000_000_000, j: 0, b: 2, window: 1, batchSize: 7,
    sine: "0.97492791218182360701813168299393121723278580062021",
    cosine: "-0.22252093395631440428890256449679475946635556876363"),
  SineGolden(
    w: 0, j: 1, b: 0, window: 1_000_001, batchSize: 1,
    sine: "0.0000031415926535846255256825959634142967084321651603649",
    cosine: "0.99999999999506519779945937940270916993301734059185"),
  SineGolden(
    w: 5, j: 999999, b: 0, window: 1_000_001, batchSize: 1,
    sine: "-0.0000031415926535846255256825959634142967084321651603649",
    cosine: "0.99999999999506519779945937940270916993301734059185"),
  SineGolden(
    w: 0, j: 250000, b: 0, window: 1_000_001, batchSize: 1,
    sine: "0.70710678118654752440084436210484903928483593768847",
    cosine: "0.70710678118654752440084436210484903928483593768847"),
  SineGolden(
    w: 7, j: 333333, b: 0, window: 1_000_001, batchSize: 1,
    sine: "-0.86602488018518819699740151715822621037356638577471",
    cosine: "-0.5000009068994079612653628196503644253769089173452"),
  SineGolden(
    w: 123_456_789, j: 17, b: 16, window: 34, batchSize: 33,
    sine: "0.99886733918300797666267257990843166223505271564263",
    cosine: "0.04758191582374229744978724403148683485453444580933"),
]
