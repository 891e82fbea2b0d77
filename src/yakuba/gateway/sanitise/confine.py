"""Putting a process into its cell: as much as this kernel allows, and saying honestly what that is.

The parent of all decoders (the zygote) leaves the network, the file system and its user once; each decoder, one per file,
then gets limits, Landlock and the system call filter before it looks at the first byte.
"""

import ctypes
import os
import resource
import struct
from pathlib import Path

from yakuba.gateway.sanitise.limits import Limits
from yakuba.gateway.sanitise.syscalls import filter_program

_libc = ctypes.CDLL(None, use_errno=True)
_NEW_NS, _NEW_UTS, _NEW_IPC, _NEW_USER, _NEW_NET = 0x20000, 0x4000000, 0x8000000, 0x10000000, 0x40000000
_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_REMOUNT, _MS_BIND, _MS_REC, _MS_PRIVATE = (
    1, 2, 4, 8, 32, 4096, 16384, 1 << 18,
)  # fmt: skip
_SET_DEATH_SIGNAL, _SET_SECCOMP, _SECCOMP_FILTER, _NO_NEW_PRIVILEGES = 1, 22, 2, 38
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF, _PATH_BENEATH = (
    444,
    445,
    446,
    1,
)  # Landlock: same on all architectures
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_FILE_RIGHTS_BY_VERSION = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
STRANGER = 64_321  # a user that owns nothing and is nobody else's: "nobody" runs the embedded database


class NotConfined(RuntimeError):
    """A wall that must stand on every kernel does not."""


def leave_the_world(fonts: Path | None) -> list[str]:
    """Leave network, file system, interprocess objects and (if root) the user; returns the walls that now stand.

    Only ``fonts`` can still be read: documents name fonts they do not carry.
    """
    root = os.geteuid() == 0
    spaces = _NEW_NS | _NEW_NET | _NEW_IPC | _NEW_UTS | (0 if root else _NEW_USER)
    uid, gid = os.geteuid(), os.getegid()
    if _libc.unshare(spaces):
        return []
    if not root:
        _map_user(uid, gid)
    walls = ["network namespace", "ipc namespace"]
    if _empty_file_system(fonts):
        walls.append("empty read-only file system")
    if root:
        os.setgroups([])
        os.setresgid(STRANGER, STRANGER, STRANGER)
        os.setresuid(STRANGER, STRANGER, STRANGER)
        walls.append("unprivileged user")
    return walls


def lock_cell(limits: Limits, fonts: Path | None) -> list[str]:
    """Limits, Landlock and the system call filter for the process that will look at the file; returns the walls.

    Raises:
        NotConfined: the kernel refuses even limits and no_new_privs.
    """
    if _libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        raise NotConfined("no_new_privs")
    end_with_parent()
    walls = ["no_new_privs", "limits"]
    if _landlock(fonts):
        walls.append("landlock")
    _set_limits(limits)
    if _filter_system_calls():
        walls.append("seccomp")
    return walls


def end_with_parent() -> None:
    """Be killed when the thread that started this process ends (after any change of user, which forgets it)."""
    _libc.prctl(_SET_DEATH_SIGNAL, 9, 0, 0, 0)


def _set_limits(limits: Limits) -> None:
    # Where there is no filter against new processes, a limit must do; it counts threads too, so HEIC is refused there.
    processes = resource.getrlimit(resource.RLIMIT_NPROC)[0] if filter_program() else 0
    for what, most in (
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_NPROC, processes),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def _map_user(uid: int, gid: int) -> None:
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")


def _empty_file_system(fonts: Path | None) -> bool:
    """A new root with nothing in it but the fonts, read-only."""
    cell = "/proc"  # any folder that is always there: in this mount namespace alone it is covered by the new root
    try:
        if _mount("none", "/", None, _MS_REC | _MS_PRIVATE) or _mount(
            "tmpfs", cell, "tmpfs", _MS_NOSUID | _MS_NODEV
        ):
            return False
        if fonts and not _bind_read_only(fonts, Path(cell + str(fonts))):
            return False
        _mount("tmpfs", cell, None, _MS_REMOUNT | _MS_RDONLY | _MS_NOSUID | _MS_NODEV | _MS_NOEXEC)
        os.chdir(cell)
        os.chroot(cell)
        os.chdir("/")
    except OSError:
        return False
    return True


def _bind_read_only(source: Path, target: Path) -> bool:
    target.mkdir(parents=True)
    flags = _MS_BIND | _MS_RDONLY | _MS_NOSUID | _MS_NODEV | _MS_NOEXEC
    bound = not _mount(str(source), str(target), None, _MS_BIND)
    return bound and not _mount("none", str(target), None, _MS_REMOUNT | flags)


def _mount(source: str, target: str, kind: str | None, flags: int) -> int:
    return int(_libc.mount(source.encode(), target.encode(), kind.encode() if kind else None, flags, None))


def _landlock(fonts: Path | None) -> bool:
    """Refuse every file but the fonts, and every TCP connection (Linux 5.13; network since 6.7)."""
    version = _libc.syscall(_CREATE_RULESET, None, 0, 1)
    if version < 1:
        return False
    files = (1 << _FILE_RIGHTS_BY_VERSION.get(version, 16)) - 1
    rules = struct.pack("QQQ", files, 3 if version >= 4 else 0, 3 if version >= 6 else 0)
    length = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = _libc.syscall(_CREATE_RULESET, rules, length, 0)
    if ruleset < 0:
        return False
    if fonts and fonts.is_dir():
        folder = os.open(fonts, os.O_PATH | os.O_DIRECTORY)
        _libc.syscall(
            _ADD_RULE, ruleset, _PATH_BENEATH, struct.pack("=Qi", _READ_FILE | _READ_DIR, folder), 0
        )
        os.close(folder)
    restricted = int(_libc.syscall(_RESTRICT_SELF, ruleset, 0)) == 0
    os.close(ruleset)
    return restricted


def _filter_system_calls() -> bool:
    program = filter_program()
    if program is None:
        return False
    held = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(held))
    return int(_libc.prctl(_SET_SECCOMP, _SECCOMP_FILTER, header, 0, 0)) == 0
