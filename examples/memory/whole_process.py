# Needs beside it: page_by_page.py
# /// script
# dependencies = ["psutil"]
# ///

import mmap
import sys

import psutil
from page_by_page import PAGE, PAGES, in_child, map_pages, write

STEP = 1 if sys.argv[1:] else PAGES / 2  # (1)!


def grow(mapping):
    process = psutil.Process()
    before = process.memory_full_info()
    write(mapping, PAGES)
    after = process.memory_full_info()
    for name in "rss", "uss", "pss":
        more = (getattr(after, name) - getattr(before, name)) / PAGE
        print(f"{name} {round(more / STEP) * STEP:+6.0f}", flush=True)


memory = map_pages(mmap.MADV_NOHUGEPAGE)
in_child(grow, memory)
