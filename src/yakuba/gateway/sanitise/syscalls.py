"""The system calls a decoder needs, and the filter that refuses all others (seccomp-bpf).

No new process, no socket, no signal to others, no mount, no module: a decoder that has been taken over can
compute and write pixels, and that is all.
"""

import platform
import struct

# Name, number on x86_64 (linux/arch/x86/entry/syscalls/syscall_64.tbl), number on aarch64 (asm-generic/unistd.h).
_NEEDED = """
read              0  63
write             1  64
close             3  57
fstat             5  80
lseek             8  62
mmap              9 222
mprotect         10 226
munmap           11 215
brk              12 214
rt_sigaction     13 134
rt_sigprocmask   14 135
rt_sigreturn     15 139
pread64          17  67
readv            19  65
writev           20  66
sched_yield      24 124
mremap           25 216
madvise          28 233
dup              32  23
nanosleep        35 101
getpid           39 172
exit             60  93
fcntl            72  25
gettimeofday     96 169
getrusage        98 165
sysinfo          99 179
sigaltstack     131 132
gettid          186 178
futex           202  98
sched_getaffinity 204 123
getdents64      217  61
clock_gettime   228 113
clock_getres    229 114
clock_nanosleep 230 115
exit_group      231  94
openat          257  56
newfstatat      262  79
set_robust_list 273  99
getrandom       318 278
membarrier      324 283
statx           332 291
rseq            334 293
"""
MACHINES = {"x86_64": (0, 0xC000003E, 56), "aarch64": (1, 0xC00000B7, 220)}  # column, AUDIT_ARCH, clone

ALLOW, REFUSE, NOT_THERE, KILL = 0x7FFF0000, 0x00050000 | 1, 0x00050000 | 38, 0x80000000  # EPERM, ENOSYS
LOAD, JUMP_EQUAL, JUMP_GREATER, JUMP_IF_SET, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER_AT, ARCHITECTURE_AT, FIRST_ARGUMENT_AT, X32 = 0, 4, 16, 0x40000000
CLONE3, CLONE_THREAD = 435, 0x00010000


def filter_program() -> bytes | None:
    """The filter for this machine, or ``None`` on an architecture whose numbers are not listed here."""
    machine = MACHINES.get(platform.machine())
    if machine is None:
        return None
    column, architecture, clone = machine
    numbers = [int(line.split()[1 + column]) for line in _NEEDED.strip().splitlines()]
    return b"".join([*opening(architecture), *_allowed(numbers), *_threads(clone), op(RETURN, 0, 0, REFUSE)])


def opening(architecture: int) -> list[bytes]:
    """The steps every filter begins with: this architecture's own calls only, the number loaded."""
    return [
        op(LOAD, 0, 0, ARCHITECTURE_AT),
        op(JUMP_EQUAL, 1, 0, architecture),
        op(RETURN, 0, 0, KILL),
        op(LOAD, 0, 0, NUMBER_AT),
        # the x32 numbers of x86_64 are another way to the same calls: none of them is needed
        op(JUMP_GREATER, 0, 1, X32),
        op(RETURN, 0, 0, KILL),
    ]


def _allowed(numbers: list[int]) -> list[bytes]:
    return [step for number in numbers for step in (op(JUMP_EQUAL, 0, 1, number), op(RETURN, 0, 0, ALLOW))]


def _threads(clone: int) -> list[bytes]:
    """Decoders of phones' pictures insist on threads; a thread is not a process and dies with this one."""
    return [
        # clone3 hides its flags in memory, where a filter cannot look: glibc then falls back to clone
        op(JUMP_EQUAL, 0, 1, CLONE3),
        op(RETURN, 0, 0, NOT_THERE),
        op(JUMP_EQUAL, 0, 3, clone),
        op(LOAD, 0, 0, FIRST_ARGUMENT_AT),
        op(JUMP_IF_SET, 0, 1, CLONE_THREAD),
        op(RETURN, 0, 0, ALLOW),
    ]


def op(code: int, if_true: int, if_false: int, value: int) -> bytes:
    """One step of a filter (struct sock_filter)."""
    return struct.pack("HBBI", code, if_true, if_false, value)
