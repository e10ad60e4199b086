"""Changes to the built files of Material for MkDocs that no override can make.

Each names the text it replaces, and how often that must occur: a new release of the theme that
changed it fails the build here, instead of losing the change in silence. The templates in
docs/theme/ are the other half of what ties the site to this theme.
"""

from __future__ import annotations

import fnmatch
from pathlib import Path
from typing import Any, NamedTuple

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import BuildError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from tools.pages import JAPANESE, ROOT
from tools.site.languages import language_of
from tools.words import say

SCRIPTS = ROOT / "docs/assets/scripts"
SEARCH_JA = SCRIPTS / "search-ja.js"
SEARCH_ORDER = SCRIPTS / "search-order.js"
SEARCH_PLUGIN = "material/search"

# Source maps and the word cutters of lunr (search-ja.js replaces them) are not for readers.
UNUSED = ("assets/*.map", "assets/javascripts/lunr/*", "assets/images/favicon.png")


class Patch(NamedTuple):
    """Replace `old` by `new`, which must occur exactly `times`, in the one file that fits."""

    files: str
    old: str
    new: str
    why: str
    times: int = 1


BUNDLE = "assets/javascripts/bundle.*.min.js"
WORKER = "assets/javascripts/workers/search.*.min.js"

PATCHES = (
    Patch(
        BUNDLE,
        '"link[rel=alternate]"',
        '"link[rel=alternate][data-site]"',
        "the theme takes each alternate for the root of a site, and asks for its sitemap.xml",
    ),
    Patch(BUNDLE, "https://unpkg.com/", "", "no script comes from another origin", times=2),
    Patch(
        BUNDLE,
        'removeAttribute("data-md-copying"),r.trimEnd()',
        'removeAttribute("data-md-copying"),r.replace(/[ \\t]+$/gm,"").trimEnd()',
        "the theme copies the spaces that stood before the mark of an annotation",
    ),
    Patch(
        BUNDLE,
        'return V("content.lazy")?mt(e).pipe(g(n=>n),Ee(1),b(()=>o)):o',
        "return H(()=>new Promise(n=>(window.requestIdleCallback||setTimeout)(n))).pipe(b(()=>o))",
        "the theme fits out all programs of a page in one task, which stops a slow telephone",
    ),
    Patch(
        BUNDLE,
        "$(document).subscribe(vi)",
        "(window.requestIdleCallback||setTimeout)(()=>vi(document))",
        "the theme makes each address on the page absolute, and so reads its style sheets again",
    ),
    Patch(
        BUNDLE,
        'document.body.setAttribute("data-md-color-switching",""),',
        "",
        "the theme styles all of each page anew, as if its colours had been switched",
    ),
    Patch(
        BUNDLE,
        "for(let[a,c]of Object.entries(s.color))",
        "if(document.body.dataset.mdColorScheme!==s.color.scheme)"
        'document.body.setAttribute("data-md-color-switching","");'
        "for(let[a,c]of Object.entries(s.color))",
        "the theme styles all of each page anew, as if its colours had been switched",
    ),
    Patch(
        BUNDLE,
        'let o=x("meta",{name:"color-scheme"});document.head.appendChild(o);',
        "",
        "docs/theme/main.html has this element: a second one has no effect and a price",
    ),
    Patch(BUNDLE, "o.content=a.colorScheme,", "", "see the patch before"),
    Patch(
        BUNDLE,
        'x("nav",{class:"md-code__nav"})',
        'x("div",{class:"md-code__nav"})',
        "the theme makes a navigation landmark of each copy button",
    ),
    Patch(
        BUNDLE,
        'h(e,"keyup")',
        'h(e,"input")',
        "the theme does not search for what is pasted, or comes from an input method",
    ),
    Patch(BUNDLE, "\n//# sourceMappingURL=", "\n// ", "the map is not shipped"),
    Patch(WORKER, "\n//# sourceMappingURL=", "\n// ", "the map is not shipped"),
)

JAPANESE_PATCHES = (
    Patch(
        WORKER,
        r'new RegExp("\\p{sc=Han}+","gu")',
        "/(?!)/gu",
        "the theme would cut the query again, as if it were Chinese",
    ),
)


def _named_annotations(language: str) -> Patch:
    name = say("page.annotation", language)
    return Patch(
        BUNDLE,
        'class:"md-annotation__index",tabIndex:-1}',
        f'class:"md-annotation__index",tabIndex:-1,"aria-label":`{name} ${{e}}`}}',
        "the theme gives the marks of annotations no name",
        times=2,
    )


def apply(files: Files, config: MkDocsConfig) -> None:
    """Patch the theme's files among `files`, and drop those that nothing uses."""
    for file in list(files):
        if any(fnmatch.fnmatch(file.src_uri, pattern) for pattern in UNUSED):
            files.remove(file)
    for patch in (*PATCHES, _named_annotations(language_of(config).code)):
        _patch(patch, files, config)
    if language_of(config) is JAPANESE:
        for patch in JAPANESE_PATCHES:
            _patch(patch, files, config)
        _put_in_front(SEARCH_JA, WORKER, files, config)
    _put_in_front(SEARCH_ORDER, WORKER, files, config)  # the first to see a message


def describe(page: Page, config: MkDocsConfig) -> None:
    """Give *page* in the search index its description, for search-order.js."""
    plugin: Any = config.plugins[SEARCH_PLUGIN]
    entries = plugin.search_index.entries
    (entry,) = (entry for entry in entries if entry["location"] == page.url)
    entry["description"] = page.meta["description"]


def _put_in_front(script: Path, pattern: str, files: Files, config: MkDocsConfig) -> None:
    file = _only(pattern, files)
    _replace(file, script.read_text("utf-8") + file.content_string, files, config)


def _patch(patch: Patch, files: Files, config: MkDocsConfig) -> None:
    file = _only(patch.files, files)
    found = file.content_string.count(patch.old)
    if found != patch.times:
        raise BuildError(
            f"tools/site/theme_patches.py: {file.src_uri} has {patch.old!r} {found} times, "
            f"not {patch.times}. The patch is there because {patch.why}."
        )
    _replace(file, file.content_string.replace(patch.old, patch.new), files, config)


def _only(pattern: str, files: Files) -> File:
    matches = [file for file in files if fnmatch.fnmatch(file.src_uri, pattern)]
    if len(matches) != 1:
        raise BuildError(
            f"tools/site/theme_patches.py: {len(matches)} files of the theme fit {pattern}"
        )
    return matches[0]


def _replace(file: File, content: str, files: Files, config: MkDocsConfig) -> None:
    files.remove(file)
    files.append(File.generated(config, file.src_uri, content=content))
