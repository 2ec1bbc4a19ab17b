//! What kind of file system a directory is on, and how much room it has.

use std::io;

use rustix::fs as sys;

use super::Dir;

/// A kind of file system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileSystem {
    /// The number that the system gives the kind, as in statfs(2); 0 where it
    /// gives none.
    pub number: u64,
    /// Its name, if the number is known.
    pub name: Option<&'static str>,
    /// Where the files are.
    pub site: Site,
}

/// Where the files of a file system are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Site {
    /// On this machine, as far as is known.
    Here,
    /// In memory: they are gone when the machine starts anew.
    Memory,
    /// On another machine, or on this one: that cannot be told.
    Anywhere,
    /// On another machine. Locks are not relied on.
    Network,
}

/// The numbers of statfs(2).
const KNOWN: [(u64, &str, Site); 24] = [
    (0xEF53, "ext4", Site::Here),
    (0x5846_5342, "xfs", Site::Here),
    (0x9123_683E, "btrfs", Site::Here),
    (0x2FC1_2FC1, "zfs", Site::Here),
    (0xCA45_1A4E, "bcachefs", Site::Here),
    (0xF2F5_2010, "f2fs", Site::Here),
    (0x794C_7630, "overlay", Site::Here),
    (0xF15F, "ecryptfs", Site::Here),
    (0x7366_746E, "ntfs", Site::Here),
    (0x4D44, "vfat", Site::Here),
    (0x2011_BAB0, "exfat", Site::Here),
    (0x0102_1994, "tmpfs", Site::Memory),
    (0x8584_58F6, "ramfs", Site::Memory),
    (0x6573_5546, "fuse", Site::Anywhere),
    (0x0BD0_0BD0, "lustre", Site::Anywhere),
    (0x4750_4653, "gpfs", Site::Anywhere),
    (0x1983_0326, "beegfs", Site::Anywhere),
    (0x6969, "nfs", Site::Network),
    (0x517B, "smb", Site::Network),
    (0xFF53_4D42, "cifs", Site::Network),
    (0xFE53_4D42, "smb2", Site::Network),
    (0x5346_414F, "afs", Site::Network),
    (0x0102_1997, "9p", Site::Network),
    (0x00C3_6400, "ceph", Site::Network),
];

impl FileSystem {
    fn of(number: u64) -> Self {
        let known = KNOWN.iter().find(|(known, ..)| *known == number);
        Self {
            number,
            name: known.map(|(_, name, _)| *name),
            site: known.map_or(Site::Here, |(.., site)| *site),
        }
    }
}

/// How much room a file system has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Bytes that this user may still write.
    pub free: u64,
    /// Files that may still be created; `None` where there is no such limit.
    pub files: Option<u64>,
}

impl Dir {
    /// The kind of the file system.
    #[cfg(target_os = "linux")]
    pub(crate) fn file_system(&self) -> io::Result<FileSystem> {
        let stat = sys::fstatfs(&self.fd)?;
        // The kernel's field is signed and 32 bits wide on some platforms.
        Ok(FileSystem::of(u64::from(stat.f_type as u32)))
    }

    /// The kind of the file system, which is not told here.
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn file_system(&self) -> io::Result<FileSystem> {
        Ok(FileSystem::of(0))
    }

    /// Whether the file system promises that `flock` excludes among all who
    /// use it. Network file systems do not: there a lock may hang, or hold
    /// on one host only.
    pub(crate) fn has_locks(&self) -> bool {
        self.file_system()
            .is_ok_and(|file_system| file_system.site != Site::Network)
    }

    /// How much room the file system has.
    pub(crate) fn room(&self) -> io::Result<Room> {
        let stat = sys::fstatvfs(&self.fd)?;
        Ok(Room {
            free: stat.f_bavail.saturating_mul(stat.f_frsize),
            files: (stat.f_files > 0).then_some(stat.f_favail),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_is_known_once_and_others_are_taken_for_local() {
        for (number, name, site) in KNOWN {
            let file_system = FileSystem::of(number);
            assert_eq!((file_system.name, file_system.site), (Some(name), site));
        }
        assert_eq!(FileSystem::of(0x1234).site, Site::Here);
        assert_eq!(FileSystem::of(0x1234).name, None);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn the_kind_and_the_room_of_a_directory_are_told() {
        let dir = Dir::open_root(std::path::Path::new("/proc"), false).unwrap();
        assert_eq!(dir.file_system().unwrap().number, 0x9FA0);
        assert!(dir.has_locks());
        let temp = tempfile::tempdir().unwrap();
        let dir = Dir::open_root(temp.path(), false).unwrap();
        assert!(dir.room().unwrap().free > 0);
    }
}
