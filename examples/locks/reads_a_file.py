# Needs beside it: adopt_orphans.py

import contextlib
import os
import signal
import subprocess
import tempfile

import adopt_orphans

adopt_orphans.until_exit()  # (1)!


def run(command, timeout):
    with tempfile.TemporaryFile() as output:
        program = subprocess.Popen(
            command,
            stdout=output,  # (2)!
            stderr=subprocess.STDOUT,
            start_new_session=True,  # (3)!
        )
        try:
            code = program.wait(timeout)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(program.pid, signal.SIGKILL)  # (4)!
            program.wait()
        output.seek(0)
        return code, output.read()


print(run(["sh", "-c", "tail -f /dev/null & echo started"], 10))
