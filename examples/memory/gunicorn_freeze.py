import gc

gc.disable()  # (1)!


def pre_fork(server, worker):
    gc.freeze()


def post_fork(server, worker):
    gc.enable()
