"""Runs an example as its reader would, and says what differs from its transcript.

An example is a script ``examples/<chapter>/<slug>.py`` (or ``.c``, ``.rb``), the transcript of a
real run beside it (``<slug>.out``, and ``<slug>.3.14.out`` where that Python and later ones print
something else), and, where something is not default, ``<slug>.toml``.
"""

from .example import EXAMPLES, Example, Verdict, find_examples, judge
from .process import Ended, Leftover, run
from .servers import Servers
from .settings import Settings, SettingsError, load_settings
from .versions import PYTHONS, Version, name_of, transcript_of

__all__ = [
    "EXAMPLES",
    "PYTHONS",
    "Ended",
    "Example",
    "Leftover",
    "Servers",
    "Settings",
    "SettingsError",
    "Verdict",
    "Version",
    "find_examples",
    "judge",
    "load_settings",
    "name_of",
    "run",
    "transcript_of",
]
