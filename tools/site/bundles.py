"""The style sheets of every page in one file, and the scripts of every page in another.

Both languages load the same two, from the root of the site. mkdocs.yml lists our parts of them; the
theme's come first. The name of each has the hash of its content: no browser shows an old one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from tools.pages import ENGLISH
from tools.site.languages import above, language_of
from tools.site.theme_patches import BUNDLE, only
from tools.site.theme_styles import without_unused

STYLES_OF_THEME = ("assets/stylesheets/main.*.min.css", "assets/stylesheets/palette.*.min.css")
SOURCE_MAP = re.compile(r"^/[/*]# sourceMappingURL=.*\n?", re.M)  # to a file that is not served


def put(files: Files, config: MkDocsConfig) -> None:
    """Put the bundles among *files* in place of their parts, and let each page load them.

    A module stays by itself: it is an ExtraScriptValue in *config*, not a path.
    """
    modules = [script for script in config.extra_javascript if not isinstance(script, str)]
    ours = [script for script in config.extra_javascript if isinstance(script, str)]
    styles = without_unused(_taken(STYLES_OF_THEME, files)) + _taken(config.extra_css, files)
    scripts = _taken((BUNDLE, *ours), files)
    config.extra_css = [_given("assets/styles.{}.css", styles, files, config)]
    config.extra_javascript = [_given("assets/scripts.{}.js", scripts, files, config), *modules]


def _taken(names: Iterable[str], files: Files) -> str:
    """What these files hold, which are taken out of *files*."""
    found = [only(name, files) for name in names]
    for file in found:
        files.remove(file)
    return "".join(SOURCE_MAP.sub("", file.content_string).rstrip() + "\n" for file in found)


def _given(name: str, content: str, files: Files, config: MkDocsConfig) -> str:
    """The path of a file with this content, as the pages of this language know it."""
    path = name.format(hashlib.sha256(content.encode()).hexdigest()[:12])
    if language_of(config) is ENGLISH:  # once for both languages
        files.append(File.generated(config, path, content=content))
    return above(config) + path
