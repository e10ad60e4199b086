def post_fork(server, worker):
    from myapp import engine

    engine.dispose(close=False)
