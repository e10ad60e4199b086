from celery.signals import worker_process_init
from myapp import engine


@worker_process_init.connect
def forget_connections(**_):
    engine.dispose(close=False)
