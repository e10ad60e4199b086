"""The settings of one example, ``<slug>.toml``: only what is not default."""

from __future__ import annotations

import re
import signal
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from .needs import NEEDS
from .versions import PYTHONS, name_of

DEFAULT_TIMEOUT = 10.0
# Where CI runs examples (.github/workflows/ci.yml): what runs on none of these, nothing checks.
MACHINES = {"linux": tuple(map(name_of, PYTHONS)), "darwin": ("3.13",)}
LAB = ("fresh", "cpus", "bits", "memory", "software")  # the reasons: words of docs/words.toml
_UNUSUAL = ("expect", "leftovers", "order", "tty", "waits")  # a reader of the file will ask why


class SettingsError(ValueError):
    """A settings file that cannot be taken; the message starts with its path and line."""


@dataclass(frozen=True)
class Settings:
    """What an example declares of itself. Every default is what a plain example has."""

    expect: str = "0"  # how it ends: "0", "7", "SIGKILL" or "timeout"
    timeout: float = DEFAULT_TIMEOUT  # seconds
    order: str = "exact"  # "any": the lines of the transcript come in no promised order
    python: SpecifierSet = field(default_factory=SpecifierSet)
    platform: str | None = None  # sys.platform, where it runs nowhere else
    needs: tuple[str, ...] = ()
    files: tuple[str, ...] = ()  # beside it, which it uses without an import
    leftovers: tuple[tuple[str, int], ...] = ()  # (kind, count): "running", "zombie"
    tty: bool | None = None  # None: it prints the same on a terminal and into a file
    waits: bool = False  # it waits for time, which orders nothing
    lab: str = ""  # "fresh": with nothing imported yet; else why the browser's Linux cannot run it
    why: str = ""


def load_settings(path: Path) -> Settings:
    """Read *path*; a missing file means defaults. Raises SettingsError."""
    if not path.exists():
        return Settings()
    text = path.read_text("utf-8")
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"at line (\d+)", str(error))
        line = at[1] if at else max(1, len(text.splitlines()))
        raise SettingsError(f"{path}:{line}: {error}") from None
    values: dict[str, Any] = {}
    for key, value in table.items():
        where = f"{path}:{_line_of(key, text)}"
        if key not in _READERS:
            raise SettingsError(f"{where}: unknown setting {key!r}; known: {', '.join(_READERS)}")
        try:
            values[key] = _READERS[key](value)
        except (TypeError, ValueError) as error:
            raise SettingsError(f"{where}: {key} = {value!r}: {error}") from None
    for key in _UNUSUAL:
        if key in values and not values.get("why"):
            raise SettingsError(f"{path}:{_line_of(key, text)}: {key} wants a why beside it")
    if not values:
        raise SettingsError(f"{path}:1: nothing is set here; remove the file")
    settings = Settings(**values)
    if why := _runs_nowhere(settings):
        key = "python" if "python" in values else "platform"
        raise SettingsError(f"{path}:{_line_of(key, text)}: {why}, so it would never run")
    return settings


def _runs_nowhere(settings: Settings) -> str:
    """Why no machine of CI runs an example with these settings, or ""."""
    platforms = [settings.platform] if settings.platform else list(MACHINES)
    pythons = [
        version
        for platform in platforms
        for version in MACHINES[platform]
        if settings.python.contains(f"{version}.99")  # CI takes the newest of its line
    ]
    if not pythons:
        had = "; ".join(f"on {name} it has {', '.join(MACHINES[name])}" for name in platforms)
        return f"python = {str(settings.python)!r} is no Python of CI ({had})"
    if settings.needs and settings.platform == "darwin":
        return "what an example needs is installed on Linux only"
    return ""


def line_of_setting(key: str, path: Path) -> int:
    """The line on which *key* is set, 1 where it is not."""
    return _line_of(key, path.read_text("utf-8")) if path.exists() else 1


def _line_of(key: str, text: str) -> int:
    for number, line in enumerate(text.splitlines(), start=1):
        if re.match(rf"\s*\[?{re.escape(key)}\b", line):
            return number
    return 1


def _expect(value: Any) -> str:
    if value == 0 or value is False:
        raise ValueError("ending with 0 is the default; remove it")
    if value == "timeout" or (type(value) is int and 0 < value < 256):
        return str(value)
    if isinstance(value, str) and value in signal.Signals.__members__:
        return value
    raise ValueError('say an exit status from 1 to 255, a signal ("SIGKILL") or "timeout"')


def _timeout(value: Any) -> float:
    if type(value) not in (int, float) or not 0 < value <= 120:
        raise ValueError("say seconds, at most 120")
    if value == DEFAULT_TIMEOUT:
        raise ValueError("this is the default; remove it")
    return float(value)


def _order(value: Any) -> str:
    if value != "any":
        raise ValueError('"any" is the only value; exact is the default')
    return "any"


def _python(value: Any) -> SpecifierSet:
    try:
        versions = SpecifierSet(value)
    except (InvalidSpecifier, TypeError, AttributeError):
        raise ValueError('say versions as in ">=3.12"') from None
    if patch := re.search(r"(\d+\.\d+)\.\d", value):
        raise ValueError(f"CI takes the newest of each line of Python, so say {patch[1]} alone")
    if versions.contains("3.11") and versions.contains("3.99"):
        raise ValueError("every supported Python satisfies this; remove it")
    return versions


def _platform(value: Any) -> str:
    if value not in MACHINES:
        raise ValueError(f"say one of {', '.join(MACHINES)}")
    return str(value)


def _needs(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise ValueError("say a list of names")
    for name in value:
        if name not in NEEDS:
            raise ValueError(
                f"unknown need {name!r}; known: {', '.join(NEEDS)}. A new one goes into NEEDS in "
                "runner/needs.py, and a server into SERVERS in runner/servers.py, too"
            )
    return tuple(value)


def _files(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise ValueError("say a list of names")
    for name in value:
        if not isinstance(name, str) or Path(name).name != name:
            raise ValueError(f"{name!r} is no name of a file beside it")
    return tuple(value)


def _leftovers(value: Any) -> tuple[tuple[str, int], ...]:
    if not isinstance(value, dict) or not value:
        raise ValueError("say a table, as in {running = 1}")
    for kind, count in value.items():
        if kind not in ("running", "zombie") or type(count) is not int or count < 1:
            raise ValueError("say how many are left, running = 1 or zombie = 1")
    return tuple(sorted(value.items()))


def _tty(value: Any) -> bool:
    if type(value) is not bool:
        raise ValueError("say true (a terminal) or false (a file)")
    return value


def _waits(value: Any) -> bool:
    if value is not True:
        raise ValueError("true is the only value; false is the default")
    return True


def _lab(value: Any) -> str:
    if value not in LAB:
        raise ValueError(f"say one of {', '.join(LAB)}")
    return str(value)


def _why(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("say a sentence")
    return value


_READERS = {
    "expect": _expect,
    "timeout": _timeout,
    "order": _order,
    "python": _python,
    "platform": _platform,
    "needs": _needs,
    "files": _files,
    "leftovers": _leftovers,
    "tty": _tty,
    "waits": _waits,
    "lab": _lab,
    "why": _why,
}
