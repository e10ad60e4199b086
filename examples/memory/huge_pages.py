# Needs beside it: page_by_page.py

import mmap

from page_by_page import PAGE, PAGES, count, in_child, map_pages

HUGE = 2 << 20
WRITES = PAGES * PAGE // HUGE


def write_far_apart(mapping):
    huge = count(mapping, "AnonHugePages")
    print("huge pages before:", "some" if huge else "none")
    mapping[::HUGE] = b"c" * WRITES
    own = count(mapping, "Private_Dirty")
    print(f"bytes written: {WRITES}, pages copied: {own:.0f}")
    huge = count(mapping, "AnonHugePages")
    print("huge pages after:", "some" if huge else "none", flush=True)


in_child(write_far_apart, map_pages(mmap.MADV_HUGEPAGE))
