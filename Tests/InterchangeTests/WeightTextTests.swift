import Foundation
import Interchange
import Recurrent
import Testing

struct WeightTextTests {
  private func text(_ tensors: [NamedTensor], metadata: [String: String] = [:], _ format: WeightFormat) throws -> String
  {
    try withFolder { folder in
      let path = "\(folder)/w.\(format.rawValue)"
      try WeightFile.write(tensors, metadata: metadata, to: path)
      return try String(contentsOfFile: path, encoding: .utf8)
    }
  }

  @Test func csvIsALineAValue() throws {
    let tensors = [
      NamedTensor(name: "W", shape: [2, 2], values: [1, -0.1, 1e-5, 3e20]),
      NamedTensor(name: "b", shape: [2], values: [0, 1]),
      NamedTensor(name: "s", shape: [], values: [2]),
      NamedTensor(name: "c", shape: [2, 1, 2], values: [1, 2, 3, 4]),
    ]
    #expect(
      try text(tensors, .csv) == """
        name,row,column,value
        W,0,0,1.0
        W,0,1,-0.1
        W,1,0,1e-05
        W,1,1,3e+20
        b,0,0,0.0
        b,0,1,1.0
        s,0,0,2.0
        c,0,0,1.0
        c,0,1,2.0
        c,1,0,3.0
        c,1,1,4.0

        """)
  }

  @Test(arguments: [
    ("=1+1", "'=1+1"), ("+x", "'+x"), ("-x", "'-x"), ("@x", "'@x"), ("\tx", "'\tx"), ("\rx", "\"'\rx\""),
    ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("a\nb", "\"a\nb\""), ("a=b", "a=b"),
  ])
  func csvNamesAreSafe(_ name: String, _ field: String) throws {
    let tensor = NamedTensor(name: name, shape: [1], values: [1])
    #expect(try text([tensor], .csv) == "name,row,column,value\n\(field),0,0,1.0\n")
  }

  @Test func jsonIsNestedAsTheShape() throws {
    let tensors = [
      NamedTensor(name: "W", shape: [1, 2], values: [1, -0.1]), NamedTensor(name: "b\"", shape: [1], values: [1e-5]),
      NamedTensor(name: "s", shape: [], values: [2]),
    ]
    #expect(
      try text(tensors, metadata: ["z": "1", "a": "/\n"], .json) == #"""
        {
          "metadata": {
            "a": "/\n",
            "z": "1"
          },
          "tensors": {
            "W": {"shape": [1, 2], "data": [[1.0, -0.1]]},
            "b\"": {"shape": [1], "data": [1e-05]},
            "s": {"shape": [], "data": 2.0}
          }
        }

        """#)
    #expect(try text([], .json) == "{\n  \"metadata\": {},\n  \"tensors\": {}\n}\n")
  }

  @Test(arguments: [WeightFormat.csv, .json]) func pythonReadsTheSameBits(_ format: WeightFormat) throws {
    try withFolder { folder in
      let path = "\(folder)/w.\(format.rawValue)"
      try WeightFile.write(samples, metadata: ["a": "b"], to: path)
      let read = try python(
        """
        import csv, json, sys, numpy
        values = {}
        if sys.argv[1].endswith('csv'):
            for row in csv.DictReader(open(sys.argv[1])):
                values.setdefault(row['name'], []).append(row['value'])
        else:
            for name, t in json.load(open(sys.argv[1]))['tensors'].items():
                a = numpy.array(t['data'])
                assert list(a.shape) == t['shape']
                values[name] = a.ravel()
        for name, a in values.items():
            print(name, numpy.array(a, dtype='<f4').view('<u4').tolist())
        """, [path])
      #expect(read == samples.map { "\($0.name) \($0.values.map(\.bitPattern))\n" }.joined())
    }
  }

  @Test(arguments: [WeightFormat.csv, .json]) func valuesThatAreNotFiniteAreRefused(_ format: WeightFormat) throws {
    let tensor = NamedTensor(name: "t", shape: [1], values: [-.infinity])
    #expect(throws: InterchangeError.self) { try text([tensor], format) }
  }
}
