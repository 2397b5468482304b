"""Nothing but `operating_system.posix` needs POSIX; the calls for Windows are made with the system's own parts replaced."""

from __future__ import annotations

import ast
import ctypes
import os
import subprocess
import sys
import types
from pathlib import Path

import psutil
import pytest

from gnomon.runtime import memory
from tests.release.sources import trees
from xisuan.operating_system import posix, system, windows

POSIX_MODULES = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}
POSIX_CALLS = {
    *(f"os.{name}" for name in ("fork", "getuid", "geteuid", "killpg", "mkfifo", "nice", "posix_fallocate", "setsid")),
    *(f"os.{name}" for name in ("sysconf", "uname", "sched_getaffinity", "getloadavg", "getpgid", "setpriority")),
    *(f"signal.{name}" for name in ("SIGKILL", "SIGHUP", "SIGUSR1", "alarm", "pthread_sigmask")),
    "socket.AF_UNIX",
}


def test_nothing_else_needs_posix() -> None:
    for path, (text, _tree, nodes) in trees().items():
        if path == Path(posix.__file__):
            continue
        for node in nodes:
            if isinstance(node, ast.Import):
                assert not {name.name for name in node.names} & POSIX_MODULES, path
            elif isinstance(node, ast.ImportFrom):
                assert node.module not in POSIX_MODULES, path
            elif isinstance(node, ast.Attribute) and ast.unparse(node) in POSIX_CALLS:
                assert f'hasattr(os, "{node.attr}")' in text, (path, node.lineno)
            elif isinstance(node, ast.keyword):
                assert node.arg not in ("start_new_session", "preexec_fn"), (path, node.value.lineno)


def test_both_systems_have_the_same_functions() -> None:
    def public(module: types.ModuleType) -> set[str]:
        own = {name for name, found in vars(module).items() if getattr(found, "__module__", "") == module.__name__}
        return {name for name in own if not name.startswith("_")} | {"KILLED"}

    assert public(posix) == public(windows)
    assert system is (windows if sys.platform == "win32" else posix)


def test_files_are_read_and_written_in_a_stated_encoding() -> None:
    """The default on Windows is not UTF-8."""
    for path, (_text, _tree, nodes) in trees().items():
        for node in nodes:
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if node.func.attr in ("read_text", "write_text"):
                named = {keyword.arg for keyword in node.keywords}
                proc = "/proc/" in ast.unparse(node.func)
                given = len(node.args) > (node.func.attr == "write_text")
                assert proc or given or "encoding" in named, f"{path}:{node.lineno}"


@pytest.mark.parametrize("platform", [posix, windows], ids=["posix", "windows"])
def test_a_process_and_its_children_are_measured_and_ended(platform: types.ModuleType) -> None:
    """A process that holds little starts one that holds 200 MB; both count, and both end. psutil is real here."""
    hold = "import time; held = b'x' * (200 << 20); print('there', flush=True); time.sleep(60)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {hold!r}])"
    options = posix.session_options()  # this machine's; the flags of Windows mean nothing here
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, **options) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == b"there\n"
        identity = platform.process_identity(run.pid)
        assert platform.is_running(identity)
        assert not platform.is_running(f"{run.pid} 1.0")  # the number was given again
        assert 200 < platform.session_memory_mb(identity) < 400
        (child,) = psutil.Process(run.pid).children()
        platform.end_session(identity, run, 5.0)
        assert run.poll() is not None
        assert not platform.is_running(identity)
        ended, _running = psutil.wait_procs([child], timeout=10)
        assert ended == [child]
    assert platform.session_memory_mb(identity) == 0
    platform.end_session(identity, None, 1.0)  # nothing is left to do


def test_windows_locks_a_file_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    held = set()

    def locking(descriptor: int, mode: int, count: int) -> None:
        assert (mode, count) == (2, 1)
        inode = os.fstat(descriptor).st_ino
        if inode in held:
            raise PermissionError(13, "Permission denied")
        held.add(inode)

    monkeypatch.setitem(sys.modules, "msvcrt", types.SimpleNamespace(locking=locking, LK_NBLCK=2))
    with (tmp_path / "lock").open("w") as first, (tmp_path / "lock").open("w") as second:
        windows.lock_file(first)
        with pytest.raises(OSError, match="denied"):
            windows.lock_file(second)


def test_windows_lowers_the_priority_and_measures_the_peak(monkeypatch: pytest.MonkeyPatch) -> None:
    given = []
    process = types.SimpleNamespace(memory_info=lambda: types.SimpleNamespace(peak_wset=3 * 2**20), nice=given.append)
    fake = types.SimpleNamespace(Process=lambda: process, BELOW_NORMAL_PRIORITY_CLASS=0x4000)
    monkeypatch.setitem(sys.modules, "psutil", fake)
    assert windows.peak_memory_mb() == 3.0
    windows.lower_priority(5)
    assert given == [0x4000]


def test_both_systems_know_the_memory_of_the_machine() -> None:
    assert windows.total_memory_mb() == pytest.approx(posix.total_memory_mb(), rel=0.05)
    assert 0 < posix.peak_memory_mb() < posix.total_memory_mb()


LIMITED = """
import sys, time
from xisuan.operating_system import windows
windows.limit_process({limits})
{work}
time.sleep(0.5)
print("not ended")
"""


@pytest.mark.parametrize(
    ("limits", "work"),
    [
        ("1, 10**9, 10**9", "while time.process_time() < 20: pass"),
        ("20, 10**9, 50_000_000", "held = b'x' * 200_000_000"),
        ("20, 10_000_000, 10**9", "open(sys.argv[1], 'wb').write(b'x' * 50_000_000)"),
    ],
    ids=["processor", "memory", "file"],
)
def test_windows_ends_a_process_beyond_its_limits(limits: str, work: str, tmp_path: Path) -> None:
    """The thread that watches runs on any system."""
    code = LIMITED.format(limits=limits, work=work)
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "large")], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (1, ""), done.stderr


def test_an_orphan_is_known_on_both_systems() -> None:
    with subprocess.Popen([sys.executable, "-c", "pass"]) as child:
        child.wait()
    assert windows.is_orphan(child.pid)
    assert not windows.is_orphan(os.getppid())
    assert not posix.is_orphan(os.getppid())


def test_the_engine_reads_the_memory_of_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(reference: object) -> None:
        status = reference._obj  # type: ignore[attr-defined]
        assert status[0] == 64  # dwLength; dwMemoryLoad is above it
        status[1] = 16 * 2**30

    kernel = types.SimpleNamespace(GlobalMemoryStatusEx=answer)
    monkeypatch.setattr(ctypes, "windll", types.SimpleNamespace(kernel32=kernel), raising=False)
    monkeypatch.delattr(os, "sysconf")
    assert memory._installed() == 16 * 2**30


def test_the_server_and_the_engine_start_nothing_that_windows_lacks() -> None:
    code = """
import sys
for name in ("fcntl", "resource", "pwd", "grp", "termios"):
    sys.modules[name] = None
import numpy, pandas, pyarrow, sqlalchemy  # the builds for this system ask which one it is
here, sys.platform = sys.platform, "win32"
import xisuan.operating_system
assert xisuan.operating_system.system.__name__.endswith("windows")
sys.platform = here
import xisuan.parallel.process, xisuan.progress, xisuan.studio.jobs.job_queue, xisuan.studio.storage.upload_process
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
