"""Programs that a test writes and runs, as the reader of a page would."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

from runner import Ended, run

STRESS_FORKS = int(os.environ.get("STRESS_FORKS", "20"))  # the nightly job asks for more


@dataclass(frozen=True)
class Play:
    """Runs programs in *folder*: *start*, a text, *end*; beside a copy of *module*, if any."""

    folder: Path
    start: str = ""
    end: str = ""
    module: Path | None = None
    timeout: float = 30  # seconds

    def ended(self, text: str, *, start: str | None = None, timeout: float | None = None) -> Ended:
        """How the program ended; nothing of it is left."""
        if self.module:
            shutil.copy(self.module, self.folder)
        program = (self.start if start is None else start) + dedent(text) + self.end
        (self.folder / "program.py").write_text(program, "utf-8")
        command = [sys.executable, "-W", "ignore::DeprecationWarning", "program.py"]
        environment = {"PATH": os.environ["PATH"], "STRESS_FORKS": str(STRESS_FORKS)}
        ended = run(command, self.folder, environment, timeout=timeout or self.timeout)
        assert ended.leftovers == (), ended.output.decode()
        return ended

    def __call__(
        self, text: str, *, start: str | None = None, timeout: float | None = None
    ) -> list[str]:
        """The lines it printed; it ended with 0."""
        ended = self.ended(text, start=start, timeout=timeout)
        assert ended.status == "0", ended.output.decode()
        return ended.output.decode().splitlines()


def changed(text: str, *replacements: tuple[str, str]) -> str:
    """*text* with each first string replaced by the second; it must be there."""
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    return text
