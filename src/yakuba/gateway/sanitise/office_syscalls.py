"""System calls refused to LibreOffice, which needs too many for a list of those it may use: no new process, no socket
but within itself, nothing that changes the kernel or looks at others."""

import platform
import socket

from yakuba.gateway.sanitise.syscalls import (
    ALLOW,
    CLONE3,
    CLONE_THREAD,
    FIRST_ARGUMENT_AT,
    JUMP_EQUAL,
    JUMP_IF_SET,
    LOAD,
    MACHINES,
    NOT_THERE,
    REFUSE,
    RETURN,
    op,
    opening,
)  # fmt: skip

# Name, number on x86_64, number on aarch64 (None: the call does not exist there).
_REFUSED: dict[str, tuple[int | None, int | None]] = {
    "fork": (57, None), "vfork": (58, None), "ptrace": (101, 117), "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51),
    "unshare": (272, 97), "setns": (308, 268), "fsopen": (430, 430), "fsmount": (432, 432), "move_mount": (429, 429),
    "open_tree": (428, 428), "mount_setattr": (442, 442), "bpf": (321, 280), "perf_event_open": (298, 241),
    "userfaultfd": (323, 282), "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219), "kexec_load": (246, 104), "init_module": (175, 105),
    "finit_module": (313, 273), "delete_module": (176, 106), "open_by_handle_at": (304, 265), "name_to_handle_at": (303, 264),
    "pidfd_open": (434, 434), "pidfd_getfd": (438, 438), "quotactl": (179, 60), "swapon": (167, 224), "reboot": (169, 142),
    "acct": (163, 89), "personality": (135, 92), "modify_ldt": (154, None), "seccomp": (317, 277),
}  # fmt: skip
_SOCKET = {"x86_64": 41, "aarch64": 198}
_SOCKETPAIR = {"x86_64": 53, "aarch64": 199}


def office_filter() -> bytes | None:
    """The filter for this machine, or ``None`` on an architecture whose numbers are not listed here."""
    name = platform.machine()
    machine = MACHINES.get(name)
    if machine is None:
        return None
    column, architecture, clone = machine
    steps = opening(architecture)
    for number in (numbers[column] for numbers in _REFUSED.values()):
        if number is not None:
            steps += [op(JUMP_EQUAL, 0, 1, number), op(RETURN, 0, 0, REFUSE)]
    for number in (_SOCKET[name], _SOCKETPAIR[name]):  # its parts speak to each other over local ones
        steps += [
            op(JUMP_EQUAL, 0, 4, number), op(LOAD, 0, 0, FIRST_ARGUMENT_AT), op(JUMP_EQUAL, 1, 0, int(socket.AF_UNIX)),
            op(RETURN, 0, 0, REFUSE), op(RETURN, 0, 0, ALLOW),
        ]  # fmt: skip
    steps += [
        op(JUMP_EQUAL, 0, 1, CLONE3), op(RETURN, 0, 0, NOT_THERE),
        op(JUMP_EQUAL, 0, 3, clone), op(LOAD, 0, 0, FIRST_ARGUMENT_AT), op(JUMP_IF_SET, 1, 0, CLONE_THREAD),
        op(RETURN, 0, 0, REFUSE), op(RETURN, 0, 0, ALLOW),
    ]  # fmt: skip
    return b"".join(steps)
