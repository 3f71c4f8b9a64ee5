"""Resource limits that a process sets for itself, and the cores that it may use. Systems without limits (Windows) are
not limited.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

try:
    import resource
except ImportError:  # pragma: no cover - Windows
    _LIMITS = False
else:
    _LIMITS = True

_NICENESS: Final = 10
_OPEN_FILES: Final = 512
"""What Windows allows to programs written in C."""
_MOST_OPEN_FILES: Final = 65_536
_PAGE: Final = 4096
_STATM: Final = Path("/proc/self/statm")
_OOM_SCORE: Final = Path("/proc/self/oom_score_adj")
_STATUS: Final = Path("/proc/self/status")


def limit_memory(megabytes: int) -> None:
    """Allow this process `megabytes` more memory than it uses now; beyond that Python raises MemoryError.

    Limits address space, the only measure that the system enforces at once for a process.
    """
    if not _LIMITS or not _STATM.exists():
        return
    mapped = int(_STATM.read_text(encoding="ascii").split()[0]) * _PAGE
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = mapped + megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))


def raise_open_files() -> int:
    """Let this process have as many files and connections open as it may at all, and return how many.

    Service managers start programs with 1,024, for those that could not handle more.
    """
    if not _LIMITS:
        return _OPEN_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, _MOST_OPEN_FILES)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return wanted
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    except (OSError, ValueError):  # macOS has a lower limit for the whole system
        return soft
    return wanted


def limit_time(seconds: int) -> None:
    """Allow this process that many more seconds of processor time; then the system kills it."""
    if not _LIMITS:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 1 + seconds, hard))


def usable_cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1  # pragma: no cover - macOS and Windows


def memory_peak_mb() -> int:
    """Return the peak memory of this process; 0 where the system does not report it.

    Not from getrusage: on Linux a child that executes a program inherits the peak of a large parent.
    """
    with suppress(OSError):
        for line in _STATUS.read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) // 1024
    return 0


def go_first() -> None:
    """Lower this process's priority, and make it the first to be killed when the machine runs out of memory."""
    with suppress(AttributeError, OSError):
        os.nice(_NICENESS)
    if _LIMITS:
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    with suppress(OSError):
        _OOM_SCORE.write_text("1000", encoding="ascii")
