"""``python -m tools.commands.addresses``: write new addresses into docs/addresses.txt."""

from __future__ import annotations

import argparse
import sys

from tools.pages import ROOT
from tools.site.addresses import LEDGER, ledger, published


def write_new() -> list[str]:
    """Write down the addresses that are new; returns them."""
    known = ledger()
    new = sorted(published() - known)
    if new:
        LEDGER.write_text("".join(f"{one}\n" for one in sorted({*known, *new})), "utf-8")
    return new


def main() -> int:
    """Say which addresses are new."""
    argparse.ArgumentParser(
        prog="python -m tools.commands.addresses", description=__doc__
    ).parse_args()
    for address in write_new():
        print(f"{LEDGER.relative_to(ROOT)}: new: {address}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
