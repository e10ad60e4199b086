def pre_fork(server, worker):
    from django.db import connections

    connections.close_all()
