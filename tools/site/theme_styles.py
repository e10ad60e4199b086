"""The theme's style sheets without the rules for what no page of this site has.

A third of them is for tabs, blogs, versions, other colours, and text from right to left. That no
page has any of it, tests/test_site.py holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any

import tinycss2
from mkdocs.exceptions import BuildError

# A rule goes if each of its selectors wants a class that begins so, or an attribute of that kind.
UNUSED_CLASSES = (
    "arithmatex",
    "critic",
    "footnote",
    "highlighttable",
    "key-",
    "md-author",
    "md-banner",
    "md-consent",
    "md-feedback",
    "md-nav--integrated",
    "md-nav--lifted",
    "md-nav__item--section",
    "md-pagination",
    "md-path",
    "md-post",
    "md-search",
    "md-select",
    "md-social",
    "md-tabs",
    "tabbed-",
    "task-list",
)
UNUSED_ATTRIBUTES = re.compile(r"\[dir=rtl\]|\[data-md-color-(?:primary|accent)=(?!custom\b).*\]")
_AROUND = ("media", "supports")  # at-rules that have rules in them

Nodes = list[Any]  # of tinycss2


@cache  # both languages ask for the same
def without_unused(css: str) -> str:
    """*css* without these rules; BuildError where one of UNUSED_CLASSES has none."""
    dropped: list[str] = []
    left = "".join(_rules(tinycss2.parse_stylesheet(css, skip_comments=True), dropped))
    text = ",".join(dropped)
    for name in UNUSED_CLASSES:
        if f".{name}" not in text:
            raise BuildError(f"tools/site/theme_styles.py: the theme has no rules for .{name}")
    return left


def _rules(nodes: Nodes, dropped: list[str]) -> Iterator[str]:
    """The rules that stay, as text. The selectors that go are put into *dropped*."""
    for node in nodes:
        if node.type == "qualified-rule":
            yield _rule(node, dropped)
        elif node.type == "at-rule" and node.at_keyword in _AROUND:
            inner = "".join(_rules(tinycss2.parse_rule_list(node.content), dropped))
            if inner:
                yield f"@{node.at_keyword}{tinycss2.serialize(node.prelude)}{{{inner}}}"
        else:
            yield node.serialize()


def _rule(rule: Any, dropped: list[str]) -> str:
    kept: list[str] = []
    for selector in _selectors(rule.prelude):
        (dropped if _is_unused(selector) else kept).append(tinycss2.serialize(selector))
    return f"{','.join(kept)}{{{tinycss2.serialize(rule.content)}}}" if kept else ""


def _selectors(prelude: Nodes) -> Iterator[Nodes]:
    selector: Nodes = []
    for node in prelude:
        if node == ",":
            yield selector
            selector = []
        else:
            selector.append(node)
    yield selector


def _is_unused(selector: Nodes) -> bool:
    """What stands in parentheses, as in :not(.md-post), says nothing of what is chosen."""
    return any(
        node.type == "[] block" and UNUSED_ATTRIBUTES.fullmatch(node.serialize())
        for node in selector
    ) or any(
        dot == "." and name.type == "ident" and name.value.startswith(UNUSED_CLASSES)
        for dot, name in pairwise(selector)
    )
