import Foundation
import RunStore
import Testing

@Suite("Network file systems")
struct NetworkFileSystemTests {
  /// A magic number of Linux's, the type of the mount where it matters, and what follows.
  struct Case: CustomTestStringConvertible, Sendable {
    let magic: UInt32
    var mountType: String?
    let name: String
    let isNetwork: Bool
    var testDescription: String { "0x\(String(magic, radix: 16)) \(mountType ?? "")" }
  }

  private static let fuse: UInt32 = 0x6573_5546

  static let cases = [
    Case(magic: 0x6969, name: "NFS", isNetwork: true), Case(magic: 0x517B, name: "SMB", isNetwork: true),
    Case(magic: 0xFF53_4D42, name: "CIFS (SMB)", isNetwork: true),
    Case(magic: 0xFE53_4D42, name: "SMB2", isNetwork: true),
    Case(magic: 0x0102_1997, name: "9p", isNetwork: true), Case(magic: 0x5346_414F, name: "AFS", isNetwork: true),
    Case(magic: 0x6B41_4653, name: "AFS", isNetwork: true), Case(magic: 0x00C3_6400, name: "Ceph", isNetwork: true),
    Case(magic: 0x0BD0_0BD0, name: "Lustre", isNetwork: true), Case(magic: 0x4750_4653, name: "GPFS", isNetwork: true),
    Case(magic: 0x1983_0326, name: "BeeGFS", isNetwork: true), Case(magic: 0x0116_1970, name: "GFS2", isNetwork: true),
    Case(magic: fuse, mountType: "fuse.sshfs", name: "sshfs (FUSE)", isNetwork: true),
    Case(magic: fuse, mountType: "fuse.glusterfs", name: "glusterfs (FUSE)", isNetwork: true),
    Case(magic: fuse, mountType: "fuse.something-new", name: "something-new (FUSE)", isNetwork: true),
    Case(magic: fuse, mountType: "fuse", name: "FUSE", isNetwork: true),
    Case(magic: fuse, name: "FUSE", isNetwork: true),
    Case(magic: fuse, mountType: "virtiofs", name: "virtiofs", isNetwork: true),
    Case(magic: fuse, mountType: "fuseblk", name: "a disk behind FUSE", isNetwork: false),
    Case(magic: fuse, mountType: "fuse.gocryptfs", name: "gocryptfs (FUSE)", isNetwork: false),
    Case(magic: fuse, mountType: "fuse.mergerfs", name: "mergerfs (FUSE)", isNetwork: false),
    // ext4, xfs, btrfs, tmpfs, overlayfs, zfs.
    Case(magic: 0xEF53, name: "type 0xef53", isNetwork: false),
    Case(magic: 0x5846_5342, name: "type 0x58465342", isNetwork: false),
    Case(magic: 0x9123_683E, name: "type 0x9123683e", isNetwork: false),
    Case(magic: 0x0102_1994, name: "type 0x1021994", isNetwork: false),
    Case(magic: 0x794C_7630, name: "type 0x794c7630", isNetwork: false),
    Case(magic: 0x2FC1_2FC1, name: "type 0x2fc12fc1", isNetwork: false),
  ]

  @Test("what lies on a network is known by the magic number, or by what is mounted", arguments: cases)
  func decision(_ what: Case) {
    let fileSystem = FileSystem(magic: what.magic, mountType: what.mountType)
    #expect(fileSystem.isNetwork == what.isNetwork)
    #expect(fileSystem.name == what.name)
  }

  @Test("a store here lies on this machine")
  func here() throws {
    let folder = try TemporaryFolder()
    try Store(path: folder.path()).close()
    _ = try StoreReader(path: folder.path())
  }

  @Test("all names of a store lead to one lock file: symbolic links, of the file and of its folder")
  func links() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createSymbolicLink(atPath: folder.path("link.db"), withDestinationPath: "keepstep.db")
    try FileManager.default.createSymbolicLink(atPath: folder.path("folder"), withDestinationPath: ".")
    // A link that leads nowhere yet.
    let store = try Store(path: folder.path("link.db"))
    let trainer = try SampleTrainer(store)
    #expect(try folder.files.filter { $0.hasSuffix("-lock") } == ["keepstep.db-lock"])
    for name in ["keepstep.db", "link.db", "folder/link.db", "folder/keepstep.db"] {
      let other = try Store(path: folder.path(name))
      #expect(try storeError { _ = try other.lockRun(trainer.run.id) }.kind == .held)
      #expect(try StoreReader(path: folder.path(name)).isHeld(runID: trainer.run.id))
    }
    #expect(try folder.files.filter { $0.hasSuffix("-lock") } == ["keepstep.db-lock"])
  }
}
