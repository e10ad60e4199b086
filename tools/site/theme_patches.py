"""Changes to the built files of Material for MkDocs that no override can make.

Each names the text it replaces, and how often that must occur: a new release of the theme that
changed it fails the build here, instead of losing the change in silence. The templates in
docs/theme/ are the other half of what ties the site to this theme.
"""

from __future__ import annotations

import fnmatch
from typing import NamedTuple

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import BuildError
from mkdocs.structure.files import File, Files

# Source maps, and the theme's own search (ours is docs/assets/search/), are not for readers.
UNUSED = (
    "assets/*.map",
    "assets/javascripts/lunr/*",
    "assets/javascripts/workers/*",
    "assets/images/favicon.png",
)


class Patch(NamedTuple):
    """Replace `old` by `new`, which must occur exactly `times`, in the one file that fits.

    `uses` is code of that file which `new` counts on besides: what a name means that `old` has not.
    """

    files: str
    old: str
    new: str
    why: str
    times: int = 1
    uses: str = ""


BUNDLE = "assets/javascripts/bundle.*.min.js"

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
        uses="function H(e){return new F(function(t){U(e()).subscribe(t)})}",
    ),
    Patch(
        BUNDLE,
        "$(document).subscribe(vi)",
        "(window.requestIdleCallback||setTimeout)(()=>vi(document))",
        "the theme makes each address on the page absolute, and so reads its style sheets again",
    ),
    Patch(
        BUNDLE,
        'x("nav",{class:"md-code__nav"})',
        'x("div",{class:"md-code__nav"})',
        "the theme makes a navigation landmark of each copy button",
    ),
    Patch(
        BUNDLE,
        'class:"md-annotation__index",tabIndex:-1}',
        'class:"md-annotation__index",tabIndex:-1,"aria-label":'
        '`${document.head.querySelector("[name=annotation]").content} ${e}`}',
        "the theme gives the marks of annotations no name",
        times=2,
        uses='x("span",{"data-md-annotation-id":e})',
    ),
    Patch(
        BUNDLE,
        "qi=kt(Or.base)",
        'qi=$({has:e=>[...document.querySelectorAll(".md-nav--primary a")].some(t=>t.href===e)})',
        "the theme asks for sitemap.xml on each page, to know which addresses are pages",
        uses="function $(){for(var e=[]",
    ),
)


def apply(files: Files, config: MkDocsConfig) -> None:
    """Patch the theme's files among `files`, and drop those that nothing uses."""
    for file in list(files):
        if any(fnmatch.fnmatch(file.src_uri, pattern) for pattern in UNUSED):
            files.remove(file)
    for patch in PATCHES:
        _patch(patch, files, config)


def _patch(patch: Patch, files: Files, config: MkDocsConfig) -> None:
    file = only(patch.files, files)
    found = file.content_string.count(patch.old)
    if found != patch.times:
        raise BuildError(
            f"tools/site/theme_patches.py: {file.src_uri} has {patch.old!r} {found} times, "
            f"not {patch.times}. The patch is there because {patch.why}."
        )
    if patch.uses not in file.content_string:
        raise BuildError(
            f"tools/site/theme_patches.py: {file.src_uri} has no {patch.uses!r}, which the patch "
            f"counts on that is there because {patch.why}."
        )
    _replace(file, file.content_string.replace(patch.old, patch.new), files, config)


def only(pattern: str, files: Files) -> File:
    """The file of the theme or of ours that fits; BuildError where there is not exactly one."""
    matches = [file for file in files if fnmatch.fnmatch(file.src_uri, pattern)]
    if len(matches) != 1:
        raise BuildError(
            f"tools/site/theme_patches.py: {len(matches)} files of the theme fit {pattern}, not one"
        )
    return matches[0]


def _replace(file: File, content: str, files: Files, config: MkDocsConfig) -> None:
    files.remove(file)
    files.append(File.generated(config, file.src_uri, content=content))
