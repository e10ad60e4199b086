# Needs beside it: reads_a_list.py

import gc

from reads_a_list import COUNT, copied_by, read

gc.disable()  # (1)!
rows = [[] for _ in range(COUNT // 2)]


def collect():
    gc.enable()  # (2)!
    gc.collect()


gc.freeze()
copied_by("gc.collect()", collect)
copied_by("for row in rows", lambda: read(rows))
