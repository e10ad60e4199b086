"""What a page may do: a Content-Security-Policy in its head, and links that hand nothing over."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

_HEAD = re.compile(r"<head>\s*<meta charset=\"utf-8\">")
_INLINE = re.compile(r"<script(?P<attributes>[^>]*)>(?P<code>.*?)</script>", re.S)
_OUTWARD = re.compile(r'<a (?P<attributes>[^>]*href="https?://[^>]*)>')
_REL = re.compile(r'\brel="([^"]*)"')

# The theme keeps small pictures in its style sheets as data; its scripts and our charts set single
# properties in style attributes. WebAssembly is for the lab; its workers come from this site.
_POLICY = {
    "default-src": "'none'",
    "script-src": "'self' 'wasm-unsafe-eval' {scripts}",
    "style-src": "'self'",
    "style-src-attr": "'unsafe-inline'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",  # of the page for what is not found
}


def protect(html: str) -> str:
    """*html*, a whole page, with its policy; ValueError where there is no place for it."""
    html = _OUTWARD.sub(_without_opener, html)
    policy = "; ".join(f"{name} {value}" for name, value in _POLICY.items())
    policy = policy.format(scripts=" ".join(sorted(set(_hashes(html)))))
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    html, count = _HEAD.subn(lambda head: head[0] + meta, html, count=1)
    if count != 1:
        raise ValueError("a page without a head to put the policy in")
    return html


def _hashes(html: str) -> list[str]:
    """A source expression for each script that stands in the page."""
    return [
        f"'sha256-{b64encode(sha256(script['code'].encode()).digest()).decode()}'"
        for script in _INLINE.finditer(html)
        if "src=" not in script["attributes"] and "json" not in script["attributes"]
    ]


def _without_opener(link: re.Match[str]) -> str:
    attributes = link["attributes"]
    rel = _REL.search(attributes)
    if rel is None:
        return f'<a {attributes} rel="noopener">'
    if "noopener" in rel[1]:
        return link[0]
    return "<a {}>".format(attributes.replace(rel[0], f'rel="{rel[1]} noopener"'))
