"""Every file is of a known kind, ends its lines with LF, and holds no secret."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.support.git import files
from tools.pages import ROOT

# Of an editor, a merge, a desktop: something of it is beside what is meant.
LEFT_OVER = re.compile(
    r".*~|#.*#|\.#.*|.*\.(?:orig|rej|bak|backup|old|save|tmp|swp|swo|swn|mine|pyc|log)"
    r"|(?i:(?:copy|backup)(?: .*|[_-]of[_-].*)|.*[ _-](?:copy|backup)(?:[ _-]?\d+)?\.\w+)"
    r"|.*(?:コピー).*|.* ?\(\d+\)\.\w+|.*\.\w+\.\d+|.*\.\w+_|\.DS_Store|Thumbs\.db|desktop\.ini"
)
# What lies below docs/, by its place.
KINDS = (
    r"docs/(?:en|ja)/(?:[a-z0-9-]+/)*[a-z0-9-]+\.(?:md|py)",
    r"docs/[a-z]+\.toml",
    r"docs/addresses\.txt",
    r"docs/assets/diagrams/[a-z0-9-]+\.toml",
    r"docs/assets/images/[a-z0-9-]+\.(?:svg|png|webp|ico)",
    r"docs/assets/scripts/[a-z0-9-]+\.js",
    r"docs/assets/search/[a-z]+\.js",
    r"docs/assets/vendor/minisearch/(?:minisearch\.js|LICENSE\.txt)",
    r"docs/assets/stylesheets/[a-z0-9-]+\.css",
    r"docs/theme/(?:[a-z0-9-]+/)*[a-z0-9-]+\.(?:html|xml|txt)",
)
VERBATIM = {  # as their authors wrote them
    "docs/assets/vendor/minisearch/LICENSE.txt",
    "docs/assets/vendor/minisearch/minisearch.js",
    "lab/image/v86-notices.txt",
}
SECRETS = {
    "a private key": r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----",
    "a key of AWS": r"\b(?:AKIA|ASIA|AGPA|AIDA|AROA)[A-Z0-9]{16}\b",
    "a token of GitHub": r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,})",
    "a token of GitLab": r"\bglpat-[\w-]{20,}",
    "a token of Slack": r"\bxox[abeoprs]-[\w-]{10,}|hooks\.slack\.com/services/T\w+/",
    "a key of Google": r"\bAIza[\w-]{35}|\"private_key_id\"|\bya29\.[\w-]{20,}",
    "a key of Stripe": r"\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}",
    "a key of an API": r"\bsk-(?:[a-z]+-)*[A-Za-z0-9_-]{20,}|\bSG\.[\w-]{16,}\.[\w-]{16,}",
    "a token of a package registry": r"\bpypi-[\w-]{50,}|\bnpm_[A-Za-z0-9]{36}|_authToken=\S{8}",
    "a JSON web token": r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}",
    "a password in an address": r"\b[a-z][a-z0-9+]+://[^\s/:@'\"{}$<]+:[^\s/@'\"{}$<]{3,}@[\w.-]+",
    "a header that lets in": r"\b(?:Bearer|Basic)\s+[A-Za-z0-9+/=._-]{16,}",
    "a secret by its name": (
        r"(?i)\b[\w-]*(?:secret|passw(?:or)?d|api_?key|access_?key|token)[\w-]*[\"']?\s*[:=]\s*"
        r"[\"']?(?=[^\s\"']*\d)(?=[^\s\"']*[a-z])[A-Za-z0-9+/=_-]{16,}[\"']?"
    ),
}


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def text_of(path: Path) -> str:
    """ "" for what is no text."""
    content = path.read_bytes()
    return "" if b"\0" in content else content.decode("utf-8", "replace")


def refuse(problems: Iterable[str]) -> None:
    if found := list(problems):
        pytest.fail("\n".join(found), pytrace=False)


def test_lines_end_with_lf() -> None:
    refuse(problem for path in files() for problem in problems_of_lines(path))


def problems_of_lines(path: Path) -> Iterator[str]:
    content, at = path.read_bytes(), place(path)
    if b"\0" in content or at in VERBATIM:
        return
    if b"\r" in content:
        line = content.partition(b"\r")[0].count(b"\n") + 1
        yield (
            f"{at}:{line}: a line ends with CR LF; here all end with LF alone: "
            f"sed -i 's/\\r$//' {at}, and let your editor follow .editorconfig"
        )
    if content.startswith(b"\xef\xbb\xbf"):
        yield f"{at}:1: begins with a byte order mark: sed -i '1s/^\\xef\\xbb\\xbf//' {at}"


def test_how_lines_may_not_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.test_tree.ROOT", tmp_path)
    page = tmp_path / "x.md"
    page.write_bytes(b"\xef\xbb\xbfone\ntwo\r\n")
    first, second = problems_of_lines(page)
    assert first.startswith("x.md:2: a line ends with CR LF")
    assert second.startswith("x.md:1: begins with a byte order mark")
    page.write_bytes(b"one\ntwo\n")
    assert list(problems_of_lines(page)) == []


def test_nothing_is_left_over() -> None:
    refuse(
        f"{place(path)}: a copy that an editor, a merge or a desktop left: rm '{place(path)}'"
        for path in files()
        if LEFT_OVER.fullmatch(path.name)
    )


@pytest.mark.parametrize(
    "name",
    [
        *("x.py~", "#x.md#", ".#x.md", "x.md.orig", "x.py.rej", "x.bak", ".x.md.swp", "x.tmp"),
        *("copy of x.md", "Copy_of_x.md", "x copy.py", "x - Copy.py", "x_copy2.py", "x-backup.md"),
        *("x (1).md", "x のコピー.md", ".DS_Store", "x.pyc", "x.py.1", "x.py_"),
    ],
)
def test_what_is_called_left_over(name: str) -> None:
    assert LEFT_OVER.fullmatch(name)


@pytest.mark.parametrize(
    "name", ["copy-on-write.md", "copies.py", "x.toml", "tsc.mjs", ".gitignore"]
)
def test_what_is_not(name: str) -> None:
    assert not LEFT_OVER.fullmatch(name)


def test_every_file_below_docs_is_of_a_known_kind() -> None:
    refuse(
        f"{place(path)}: no page, nothing that a page shows, and no part of the theme: remove it, "
        "or say in KINDS of tests/test_tree.py what such a file is for"
        for path in files()
        if place(path).startswith("docs/")
        if not any(re.fullmatch(kind, place(path)) for kind in KINDS)
    )


def test_no_secret_is_in_the_tree() -> None:
    refuse(
        f"{place(path)}:{line}: looks like {kind}. Whoever reads the history has it: take it back "
        "where it was given out, then remove it here"
        for path in files()
        for line, kind in secrets_in(text_of(path))
    )


def secrets_in(text: str) -> Iterator[tuple[int, str]]:
    for kind, pattern in SECRETS.items():
        for found in re.finditer(pattern, text):
            yield text[: found.start()].count("\n") + 1, kind


@pytest.mark.parametrize(
    ("parts", "kind"),
    [
        (("-----BEGIN ", "OPENSSH PRIVATE KEY-----"), "a private key"),
        (("-----BEGIN ", "PRIVATE KEY-----"), "a private key"),
        (("-----BEGIN PGP ", "PRIVATE KEY BLOCK-----"), "a private key"),
        (("AKIA", "IOSFODNN7EXAMPLE"), "a key of AWS"),
        (("ghp_", "a1" * 18), "a token of GitHub"),
        (("github_pat_", "a1" * 12), "a token of GitHub"),
        (("glpat-", "a1" * 10), "a token of GitLab"),
        (("xoxb-", "1234567890-ab"), "a token of Slack"),
        (("AIza", "a1b2c" * 7), "a key of Google"),
        (("sk_live_", "a1" * 12), "a key of Stripe"),
        (("sk-proj-", "a1" * 12), "a key of an API"),
        (("npm_", "a1" * 18), "a token of a package registry"),
        (("pypi-", "AgEIcHlwaS5vcmc" * 4), "a token of a package registry"),
        (("eyJhbGciOiJIUzI", ".eyJzdWIiOiIxMjM.", "SflKxwRJSMeKKF2"), "a JSON web token"),
        (("postgres://admin:", "hunter2@db"), "a password in an address"),
        (("Authorization: Bearer ", "9f8e7d6c5b4a39281706"), "a header that lets in"),
        (("'Basic ", "dXNlcjpwYXNzd29yZA=='"), "a header that lets in"),
        (("token = '9f8e7d6c", "5b4a39281706'"), "a secret by its name"),
        (("API_KEY = 'a1b2c3", "d4e5f6a7b8c9'"), "a secret by its name"),
        (("password: ", "correct1horse2battery"), "a secret by its name"),
        (("aws_secret_access_key=", "wJalrXUtnFEMI/K7MDENG/bPxRfiCY"), "a secret by its name"),
    ],
)
def test_what_looks_like_a_secret(parts: tuple[str, ...], kind: str) -> None:
    """In parts: this file is in the tree."""
    assert (1, kind) in list(secrets_in("".join(parts)))
