import gc

from reads_a_list import COUNT, own_mib

rows = [[] for _ in range(COUNT)]


def application(environ, start_response):
    before = own_mib()
    gc.collect()
    copied = own_mib() - before
    start_response("200 OK", [])
    return [b"%d MiB copied" % (round(copied / 16) * 16)]
