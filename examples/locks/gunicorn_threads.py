def post_fork(server, worker):
    from metered import start

    start()
