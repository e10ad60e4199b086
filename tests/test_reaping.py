"""The programs that readers copy to wait for children: a handler of SIGCHLD, and a PID 1.

Every program runs alone, as examples do: nothing forks inside pytest. STRESS_FORKS says how many
rounds the stress of the handler has; the nightly job says 300.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from runner import EXAMPLES, Ended, run
from tests.support.play import changed
from tests.support.results import require

HANDLER = (EXAMPLES / "processes" / "every_child.py").read_text("utf-8")
ANSWER = (EXAMPLES / "processes" / "answer_by_pipe.py").read_text("utf-8")
ONLY_WAITS = (EXAMPLES / "processes" / "only_waits.py").read_text("utf-8")
STRESS_ROUNDS = int(os.environ.get("STRESS_FORKS", "20"))
ALL_SEVEN = "children: 32 with exit code 7: 32"


def careless(program: str) -> str:
    """The handler as it was: it does not expect that it runs inside itself."""
    return changed(program, ("except ChildProcessError:", "except ZeroDivisionError:"))


def ended(text: str, folder: Path, *before: str, timeout: float = 60) -> Ended:
    (folder / "program.py").write_text(text, "utf-8")
    command = [*before, sys.executable, "program.py"]
    return run(command, folder, {"PATH": os.environ["PATH"]}, timeout=timeout)


def printed(text: str, folder: Path, *before: str, timeout: float = 60) -> str:
    result = ended(text, folder, *before, timeout=timeout)
    assert (result.status, result.leftovers) == ("0", ()), result.output.decode()
    return result.output.decode().rstrip("\n")


NEXT_CHILD_ENDS = """
import os, signal
real = os.waitpid
def waitpid(pid, options):
    done, status = real(pid, options)
    if done:
        signal.raise_signal(signal.SIGCHLD)  # the next child ends at this moment
    return done, status
os.waitpid = waitpid
"""


def test_a_handler_that_runs_inside_itself(tmp_path: Path) -> None:
    assert printed(NEXT_CHILD_ENDS + HANDLER, tmp_path) == ALL_SEVEN


def test_the_test_sees_a_handler_that_does_not_expect_it(tmp_path: Path) -> None:
    result = ended(NEXT_CHILD_ENDS + careless(HANDLER), tmp_path)
    assert result.status == "1"
    assert b"ChildProcessError" in result.output  # the traceback, or what became of it


FORKS_INSIDE = """
import os, signal
real_fork, real_waitpid, nested = os.fork, os.waitpid, []
def fork_one(*_):
    if len(nested) < 5:
        nested.append(1)
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
        pid = real_fork()
        if pid == 0:
            os._exit(7)
        exit_codes[pid] = None
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
def waitpid(pid, options):
    fork_one()  # as the handler of another signal may do, in the middle of the loop
    return real_waitpid(pid, options)
os.waitpid = waitpid
"""


@pytest.mark.parametrize("point", ["the loop of reap", "the fork"])
def test_a_handler_of_another_signal(tmp_path: Path, point: str) -> None:
    """It forks while reap looks at the table, or raises before the pid is in it."""
    if point == "the fork":
        program = (
            "import os, signal\nraised = []\n"
            "def stop(*_):\n    raised.append(1)\n    raise KeyboardInterrupt\n"
            "signal.signal(signal.SIGUSR1, stop)\nreal = os.fork\n"
            "def fork():\n    pid = real()\n"
            "    if pid and not raised: signal.raise_signal(signal.SIGUSR1)\n    return pid\n"
            "os.fork = fork\ntry:\n"
            + "".join(f"    {line}" for line in HANDLER.splitlines(keepends=True))
            + "except KeyboardInterrupt:\n"
            "    print('in the table:', len(exit_codes))\n"
            "    signal.signal(signal.SIGCHLD, signal.SIG_DFL)\n"
            "    for pid in exit_codes:\n"
            "        try: os.waitpid(pid, 0)\n"  # reap may have been stopped before it stored it
            "        except ChildProcessError: pass\n"
        )
        assert printed(program, tmp_path) == "in the table: 1"
    else:
        said = printed(FORKS_INSIDE + HANDLER, tmp_path)
        assert said == "children: 37 with exit code 7: 37"


STRESS = """
for _ in range(ROUNDS):
    exit_codes.clear()
    reader_fd, writer_fd = os.pipe()
    for _ in range(32):
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
        pid = os.fork()
        if pid == 0:
            os.close(writer_fd)
            os.read(reader_fd, 1)  # all end together
            os._exit(7)
        exit_codes[pid] = None
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
    os.close(reader_fd)
    os.close(writer_fd)
    while None in exit_codes.values():
        time.sleep(0.001)
    assert list(exit_codes.values()) == [7] * 32
print("done")
"""


def test_children_that_end_together(tmp_path: Path) -> None:
    text = HANDLER + STRESS.replace("ROUNDS", str(STRESS_ROUNDS))
    said = printed(text, tmp_path, timeout=60 + STRESS_ROUNDS)
    assert said == f"{ALL_SEVEN}\ndone"


def test_children_that_end_before_the_signal_comes(tmp_path: Path) -> None:
    """One SIGCHLD for 32 children: the handler looks at each."""
    held_back = changed(
        HANDLER,
        ("    signal.pthread_sigmask(signal.SIG_SETMASK, mask)\n", "    pass\n"),
        (
            "while None",
            "for pid in exit_codes:\n"
            "    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)\n"
            "signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])\n"
            "while None",
        ),
    )
    assert printed(held_back, tmp_path) == ALL_SEVEN


CALLS = """
import asyncio, multiprocessing, os, subprocess
processes = multiprocessing.get_context("fork")
def state(pid):
    try:
        return open(f"/proc/{pid}/stat").read().rsplit(")")[1].split()[0]
    except FileNotFoundError:
        return "gone"
"""
SHOWN = """
os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
before = state(pid)
CALL
print(before, "then", state(pid))
"""
FORKED = "pid = os.fork()\nif pid == 0: os._exit(0)"
POPEN = "command = subprocess.Popen(['true']); pid = command.pid"
PROCESS = "child = processes.Process(target=print); child.start(); pid = child.pid"


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
@pytest.mark.parametrize(
    ("start", "call"),
    [
        (FORKED, "os.waitpid(pid, 0)"),
        (FORKED, "os.waitpid(pid, os.WNOHANG)"),
        (POPEN, "command.wait()"),
        (POPEN, "command.communicate()"),
        (POPEN, "with command: pass"),
        (POPEN, "command.poll()"),
        (PROCESS, "child.join()"),
        (PROCESS, "child.is_alive()"),
    ],
)
def test_a_call_that_reaps(tmp_path: Path, start: str, call: str) -> None:
    """The table of processes/who-waits: a zombie before the call, nothing after it."""
    program = CALLS + start + SHOWN.replace("CALL", call)
    assert printed(program, tmp_path).splitlines()[-1] == "Z then gone"


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_asyncio_reaps_by_itself(tmp_path: Path) -> None:
    program = """
async def main():
    command = await asyncio.create_subprocess_exec("true")
    while state(command.pid) != "gone":
        await asyncio.sleep(0.01)
asyncio.run(main())
print("gone")
"""
    assert printed(CALLS + program, tmp_path) == "gone"


def test_a_child_that_dies_without_an_answer_is_waited_for(tmp_path: Path) -> None:
    dies = changed(ANSWER, ('writer.write("42")', "os.kill(os.getpid(), 9)"))
    assert printed(dies, tmp_path) == "answer \nwait status 9\nexit code -9"


# In a PID namespace of its own a program really is process 1.

AS_PROCESS_1 = ("unshare", "-rpf", "--mount-proc")
FIVE = "exit codes: [3, 3, 3, 3, 3] zombies:"
ORPHANS = """
import subprocess
signal.signal(signal.SIGCHLD, reap)
helper = "(while kill -0 $$; do :; done) >/dev/null 2>&1 & echo $!; exit 3"
codes, orphans = [], []
for _ in range(5):
    done = subprocess.run(["sh", "-c", helper], stdout=subprocess.PIPE)
    codes.append(done.returncode)
    orphans.append(int(done.stdout))
for pid in orphans:
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)  # it has ended, and stays
states = [open(f"/proc/{pid}/stat").read().split()[2] for pid in orphans]
print("exit codes:", codes, "zombies:", states.count("Z"))
"""
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="PID namespaces are Linux's")


def section(program: str, name: str) -> str:
    return program.split(f"# --8<-- [start:{name}]\n")[1].split(f"# --8<-- [end:{name}]")[0]


@on_linux
def test_process_1_that_waits_for_its_own_keeps_every_orphan(tmp_path: Path) -> None:
    require(["namespaces"])
    program = section(HANDLER, "reap") + ORPHANS
    assert printed(program, tmp_path, *AS_PROCESS_1) == f"{FIVE} 5"


@on_linux
def test_the_example_sees_a_process_that_reaps_no_orphans(tmp_path: Path) -> None:
    reaps_its_own = changed(ONLY_WAITS, ("os.waitpid(-1, os", "os.waitpid(program, os"))
    result = ended(reaps_its_own, tmp_path)
    assert f"{FIVE} 5" in result.output.decode()


@on_linux
def test_process_1_that_only_waits_keeps_none(tmp_path: Path) -> None:
    require(["namespaces"])
    program = changed(ONLY_WAITS, ("ctypes.CDLL(None).prctl(", "(lambda *_: None)("))
    assert printed(program, tmp_path, *AS_PROCESS_1) == f"{FIVE} 0"


@on_linux
@pytest.mark.parametrize(
    ("work", "exit_code"),
    [
        ("sys.exit(7)", "7"),
        ("pass", "0"),
        ("1 / 0", "1"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "137"),
        ("os.kill(os.getppid(), signal.SIGTERM); signal.pause()", "143"),
        ("os.kill(os.getppid(), signal.SIGINT); signal.pause()", "130"),
        ("os.kill(os.getppid(), signal.SIGHUP); signal.pause()", "129"),
        ("os.kill(os.getppid(), signal.SIGUSR1); signal.pause()", "138"),
        (
            "signal.signal(signal.SIGTERM, lambda *_: sys.exit(5));"
            "os.kill(os.getppid(), signal.SIGTERM); signal.pause()",
            "5",
        ),
        # more ends than the kernel reports, all around the end of the program
        ("[subprocess.Popen(['true']) for _ in range(50)]; os._exit(9)", "9"),
        ("print(signal.pthread_sigmask(signal.SIG_BLOCK, []), file=sys.stderr)", "0"),
        # the rest dies with process 1
        ("subprocess.Popen(['sleep', '60']); os._exit(4)", "4"),
    ],
)
@pytest.mark.parametrize("inherited", ["SIG_DFL", "SIG_IGN"])
def test_process_1_passes_on_signals_and_exit_codes(
    tmp_path: Path, work: str, exit_code: str, inherited: str
) -> None:
    require(["namespaces"])
    start = f"import signal; signal.signal(signal.SIGCHLD, signal.{inherited})\n"
    begin = f"{start}{section(ONLY_WAITS, 'wait')}\nimport sys\nwait_for_all()\n"
    text = f"{begin}assert os.getpid() == 2\n{work}\n"
    result = ended(text, tmp_path, *AS_PROCESS_1)
    assert (result.status, result.leftovers) == (exit_code, ()), result.output.decode()
    if "SIG_BLOCK" in work:
        assert result.output == b"set()\n"


IN_A_TERMINAL = """
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0:
    os.execv(sys.executable, [sys.executable, "inside.py"])
said = b""
while b"ready" not in said:
    said += os.read(terminal, 1000)
os.write(terminal, b"\\x03")
try:
    while more := os.read(terminal, 1000):
        said += more
except OSError:  # so Linux says that it is closed
    pass
os.waitpid(pid, 0)
print(said.split()[-3:])
"""
INSIDE = """
wait_for_all()
interrupts = []
signal.signal(signal.SIGINT, lambda *_: interrupts.append(1))
command = subprocess.Popen(["sleep", "20"])
os.close(os.open("/dev/tty", os.O_RDWR))
print("ready", flush=True)
print("\\n", command.wait(), len(interrupts), "end")
"""


@on_linux
def test_ctrl_c_reaches_the_program_and_its_commands_once(tmp_path: Path) -> None:
    (tmp_path / "inside.py").write_text(section(ONLY_WAITS, "wait") + INSIDE, "utf-8")
    assert printed(IN_A_TERMINAL, tmp_path) == "[b'-2', b'1', b'end']"
