# Needs beside it: reads_a_list.py

import gc

from reads_a_list import COUNT, copied_by

rows = [[] for _ in range(COUNT // 2)]  # (1)!
copied_by("gc.collect()", gc.collect)
