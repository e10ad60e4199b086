"""Order made by waiting for time: what happens meanwhile differs with the load of the machine."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from .source import Fault, Source, name_of

_CLOCKS = re.compile(r"(?:time|monotonic|perf_counter|process_time|clock_gettime)(?:_ns)?|now")
_TIMERS = ("Timer", "call_later", "call_at", "scheduler")
_LIMITED = ("wait", "wait_for", "acquire", "poll", "join", "select", "sigtimedwait", "get")
_FRESH = ("wait", "acquire", "poll", "select")
_TIMEOUTS = ("TimeoutError", "timeout")  # the second is the socket module's
_COMMAND = re.compile(r"sleep|.*\bsleep[ (]\s*[\d.$]+.*", re.S)
_IN_C = re.compile(
    r"\b(?:(?:u|nano|clock_nano)?sleep\s*\(|poll\s*\(\s*(?:NULL|0)\s*,|select\s*\(\s*0\s*,)"
)
_IN_RUBY = re.compile(r"\bsleep\b|\bIO\.select\(?\s*nil\s*,\s*nil|\.join\(?\s*\d|\.pop\(timeout")
_ASKS = re.compile(r"\b(?:while|until)\b(?!\s*\(?\s*(?:1|true)\b)")


def clock_faults(source: Source) -> Iterator[Fault]:
    """Each wait for time outside a loop that asks for a state."""
    found = _of_python(source) if source.tree else _of_lines(source)
    for line, what in sorted({*found, *_commands(source)}):
        yield (
            line,
            f"{what} waits for time, and what happens in that time differs with the load: wait "
            "for what must have happened (waitpid, a pipe, an Event without a time). Where "
            "time is the lesson, declare it: waits = true, and why",
        )


def _commands(source: Source) -> Iterator[Fault]:
    for line, text in source.strings:
        if _COMMAND.fullmatch(text):
            yield line, repr(text)


def _of_python(source: Source) -> Iterator[Fault]:
    asking = {
        id(inner)
        for loop in source.nodes
        if isinstance(loop, ast.While) and _asks_for_a_state(loop)
        for inner in ast.walk(loop)
    }
    ignored = _results_that_nobody_looks_at(source)
    for node in source.nodes:
        if id(node) in asking:
            continue
        match node:
            case ast.Attribute(attr="sleep") | ast.Name(id="sleep") | ast.alias(name="sleep"):
                yield node.lineno, "sleep"
            case ast.Call():
                if _waits_for_time(source, node, ignored):
                    yield node.lineno, ast.unparse(node)
            case ast.While():
                if _asks_a_clock(node.test) and not _may_leave(node):
                    yield node.lineno, f"while {ast.unparse(node.test)}"
            case ast.With() | ast.Try():
                if ignored_at := _timeout_ignored(node):
                    yield ignored_at, "what is broken off by a TimeoutError that nobody looks at"
    yield from _caught_alarms(source)


def _asks_for_a_state(loop: ast.While) -> bool:
    """Neither for ever, nor so many times, nor so long."""
    if isinstance(loop.test, ast.Constant) or _asks_a_clock(loop.test):
        return False
    counted = {
        ast.unparse(node.target) for node in ast.walk(loop) if isinstance(node, ast.AugAssign)
    }
    asked = {ast.unparse(n) for n in ast.walk(loop.test) if isinstance(n, ast.Name | ast.Attribute)}
    return bool(asked - counted)


def _asks_a_clock(test: ast.expr) -> bool:
    called = [name_of(n.func) for n in ast.walk(test) if isinstance(n, ast.Call)]
    return bool(called) and all(_CLOCKS.fullmatch(name) for name in called)


def _may_leave(loop: ast.While) -> bool:
    return any(isinstance(node, ast.Break | ast.Return | ast.Raise) for node in ast.walk(loop))


def _results_that_nobody_looks_at(source: Source) -> set[int]:
    read = {
        node.id
        for node in source.nodes
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    return {
        id(node.value)
        for node in source.nodes
        if isinstance(node, ast.Expr)
        or (
            isinstance(node, ast.Assign)
            and all(isinstance(name, ast.Name) and name.id not in read for name in node.targets)
        )
    }


def _waits_for_time(source: Source, call: ast.Call, ignored: set[int]) -> bool:
    name = name_of(call.func)
    if name in _TIMERS:
        return "timeit" not in ast.unparse(call.func)  # that one measures
    if name == "select" and len(call.args) == 4:
        return all(isinstance(arg, ast.List) and not arg.elts for arg in call.args[:3])
    if name not in _LIMITED or not _has_a_limit(source, name, call):
        return False
    is_fresh = isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Call)
    return id(call) in ignored or (is_fresh and name in _FRESH)


def _has_a_limit(source: Source, name: str, call: ast.Call) -> bool:
    limits = [keyword.value for keyword in call.keywords if keyword.arg == "timeout"]
    limits += call.args[1:] if name in ("acquire", "wait_for", "sigtimedwait", "get") else call.args
    return any(
        type(value) in (int, float) and value != 0
        for limit in limits
        for value in source.values(limit)
    )


def _timeout_ignored(block: ast.With | ast.Try) -> int | None:
    """The line that ignores a timeout: of suppress(), or of an `except` that does nothing."""
    if isinstance(block, ast.With):
        calls = [item.context_expr for item in block.items]
        return next((call.lineno for call in calls if _suppresses_a_timeout(call)), None)
    for handler in block.handlers:
        kinds = [name_of(kind) for kind in ast.walk(handler.type)] if handler.type else []
        if not set(kinds).isdisjoint(_TIMEOUTS) and all(
            isinstance(does, ast.Pass | ast.Continue) for does in handler.body
        ):
            return handler.lineno
    return None


def _suppresses_a_timeout(call: ast.expr) -> bool:
    return (
        isinstance(call, ast.Call)
        and name_of(call.func) == "suppress"
        and any(name_of(kind) in _TIMEOUTS for kind in call.args)
    )


def _caught_alarms(source: Source) -> Iterator[Fault]:
    """An alarm that ends a program is a guard; one that is awaited is a clock."""
    about_alarms = {name for name, call in source.calls if "SIGALRM" in ast.unparse(call)}
    pauses = any(name == "pause" for name, _ in source.calls)
    is_awaited = about_alarms & {"sigwait", "sigwaitinfo", "sigtimedwait"}
    is_awaited |= about_alarms & {"signal"} if pauses else set()
    for name, call in source.calls:
        if is_awaited and name in ("alarm", "setitimer"):
            yield call.lineno, f"{ast.unparse(call)}, which is awaited,"


def _of_lines(source: Source) -> Iterator[Fault]:
    """The same in C and Ruby, which are not parsed: a loop asks on this line or the one before."""
    pattern = _IN_RUBY if source.path.suffix == ".rb" else _IN_C
    before = ""
    for number, line in source.lines:
        if (found := pattern.search(line)) and not _ASKS.search(f"{before}\n{line}"):
            yield number, found[0].strip()
        before = line
