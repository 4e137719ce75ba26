import Foundation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The file system that a path lies on, as far as a store must know it.
///
/// SQLite's WAL shares memory between the processes that have a store open, and that memory ends at the machine's edge.
/// On a file system that several machines reach, two of them could each believe to be the only one, and damage the
/// store (sqlite.org/wal.html, "All processes using a database must be on the same host computer"). So a store is refused
/// there, whether or not the file system says it has locks: NFS and SMB lose them, and Lustre or GPFS, which keep them,
/// still share no memory.
public struct FileSystem: Hashable, Sendable {
  /// What people call it: "NFS", "sshfs (FUSE)".
  public let name: String
  /// May several machines reach it, or is there no telling?
  public let isNetwork: Bool

  /// A file system.
  public init(name: String, isNetwork: Bool) {
    self.name = name
    self.isNetwork = isNetwork
  }

  /// Decides by the magic number that Linux's `statfs` gives, and for FUSE, where any program may serve the files, by the
  /// type that it was mounted with. A FUSE file system that is not known to be local is taken for a network's.
  ///
  /// - parameter magic: `f_type`.
  /// - parameter mountType: the type in /proc/self/mountinfo, as "fuse.sshfs"; `nil` when it is not known.
  public init(magic: UInt32, mountType: String? = nil) {
    if let name = Self.networks[magic] {
      self.init(name: name, isNetwork: true)
    } else if magic == Self.fuseMagic {
      self.init(fuse: mountType ?? "fuse")
    } else {
      self.init(name: mountType ?? "type 0x" + String(magic, radix: 16), isNetwork: false)
    }
  }

  private init(fuse mountType: String) {
    if mountType == "virtiofs" {
      self.init(name: "virtiofs", isNetwork: true)
    } else if mountType == "fuseblk" {
      self.init(name: "a disk behind FUSE", isNetwork: false)
    } else if mountType.hasPrefix("fuse.") {
      let server = String(mountType.dropFirst("fuse.".count))
      self.init(name: "\(server) (FUSE)", isNetwork: !Self.localServers.contains(server))
    } else {
      self.init(name: "FUSE", isNetwork: true)
    }
  }

  private static let fuseMagic: UInt32 = 0x6573_5546

  /// Programs behind FUSE that only serve what lies on this machine.
  private static let localServers: Set<String> = [
    "bindfs", "cryfs", "encfs", "fuse-overlayfs", "gocryptfs", "mergerfs", "unionfs", "unionfs-fuse",
  ]

  /// Linux's magic numbers: linux/magic.h, and those that file systems outside the kernel define for themselves.
  private static let networks: [UInt32: String] = [
    0x6969: "NFS", 0x517B: "SMB", 0xFF53_4D42: "CIFS (SMB)", 0xFE53_4D42: "SMB2", 0x0102_1997: "9p",
    0x5346_414F: "AFS", 0x6B41_4653: "AFS", 0x7375_7245: "Coda", 0x564C: "NCP", 0x00C3_6400: "Ceph",
    0x0BD0_0BD0: "Lustre", 0x4750_4653: "GPFS", 0x1983_0326: "BeeGFS", 0xAAD7_AAEA: "PanFS",
    0x7461_636F: "OCFS2", 0x0116_1970: "GFS2", 0x2003_0528: "OrangeFS", 0x786F_4256: "VirtualBox's shared folders",
    0xBACB_ACBC: "VMware's shared folders", 0x7C7C_6673: "Parallels' shared folders",
  ]
}

extension FileSystem {
  /// The one that an existing file or folder lies on; `nil` when the system does not tell.
  static func of(_ path: String) -> FileSystem? {
    #if os(Linux)
      guard let magic = magic(of: path) else { return nil }
      return FileSystem(magic: magic, mountType: magic == fuseMagic ? mountType(of: path) : nil)
    #else
      var status = statfs()
      guard statfs(path, &status) == 0 else { return nil }
      let name = withUnsafeBytes(of: status.f_fstypename) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      return FileSystem(name: name, isNetwork: status.f_flags & UInt32(MNT_LOCAL) == 0)
    #endif
  }

  #if os(Linux)
    /// `f_type` of `statfs`. Swift's Glibc does not declare the call; the field is the first of its structure, a word.
    private static func magic(of path: String) -> UInt32? {
      typealias Call = @convention(c) (UnsafePointer<CChar>, UnsafeMutableRawPointer) -> Int32
      guard let symbol = dlsym(nil, "statfs") else { return nil }
      let call = unsafeBitCast(symbol, to: Call.self)
      // The structure has 120 bytes.
      return withUnsafeTemporaryAllocation(byteCount: 512, alignment: 16) { status in
        guard let start = status.baseAddress, call(path, start) == 0 else { return nil }
        return UInt32(truncatingIfNeeded: start.load(as: Int.self))
      }
    }

    /// The type that the path's device was mounted with; `nil` when /proc does not tell.
    private static func mountType(of path: String) -> String? {
      var status = stat()
      guard stat(path, &status) == 0,
        let mounts = try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)
      else { return nil }
      // gnu_dev_major and gnu_dev_minor are macros, which Swift does not see.
      let device = UInt64(status.st_dev)
      let major = (device >> 8) & 0xFFF | (device >> 32) & ~0xFFF
      let minor = device & 0xFF | (device >> 12) & ~0xFF
      for line in mounts.split(separator: "\n") {
        let fields = line.split(separator: " ")
        guard fields.count > 2, fields[2] == "\(major):\(minor)", let dash = fields.firstIndex(of: "-"),
          fields.indices.contains(dash + 1)
        else { continue }
        return String(fields[dash + 1])
      }
      return nil
    }
  #endif
}
