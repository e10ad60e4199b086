"""What is left out of the theme's style sheets is what no page has, and nothing beside it."""

from __future__ import annotations

import pytest
from mkdocs.exceptions import BuildError

from tools.site.theme_styles import UNUSED_CLASSES, without_unused

ALL = "".join(f".{name}{{top:0}}" for name in UNUSED_CLASSES)  # the theme has rules for each


@pytest.mark.parametrize(
    ("css", "left"),
    [
        ("a{top:1px}", "a{top:1px}"),
        (".tabbed-set a,.md-nav a{top:1px}", ".md-nav a{top:1px}"),
        (".md-post__title{top:1px}", ""),
        ("p:not(.md-post),.md-posted{top:1px}", "p:not(.md-post){top:1px}"),
        ("[dir=ltr] a{top:1px}[dir=rtl] a{top:1px}", "[dir=ltr] a{top:1px}"),
        ("[data-md-color-accent=red]{top:1px}", ""),
        ("[data-md-color-accent=custom]{top:1px}", "[data-md-color-accent=custom]{top:1px}"),
        ("@media print{.critic{top:1px}a{top:1px}}", "@media print{a{top:1px}}"),
        ("@media print{.critic{top:1px}}", ""),
        ("@keyframes tabbed-set{to{top:1px}}", "@keyframes tabbed-set{to{top:1px}}"),
        ("a{top:url('data:x,M1,2{}')}", 'a{top:url("data:x,M1,2{}")}'),
    ],
)
def test_only_what_is_unused_goes(css: str, left: str) -> None:
    assert without_unused(ALL + css) == left


def test_what_the_theme_has_no_more_is_said() -> None:
    with pytest.raises(BuildError, match=r"the theme has no rules for \.critic"):
        without_unused(ALL.replace(".critic", ".other"))
