# Needs beside it: reads_a_list.py

import array
import itertools

from reads_a_list import COUNT, copied_by, read

floats = array.array("d", range(COUNT))  # (1)!
copied_by("for value in floats", lambda: read(floats))

names = [b"name %d" % n for n in range(COUNT)]
joined = b"".join(names)  # (2)!
lengths = map(len, names)
ends = array.array("q", itertools.accumulate(lengths, initial=0))
del names, lengths


def slices():
    for start, end in itertools.pairwise(ends):
        yield joined[start:end]


copied_by("for name in slices()", lambda: read(slices()))
