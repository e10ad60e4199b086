import os

import myapp
from celery import Celery

folder = os.environ["CELERY_FOLDER"]
app = Celery(broker="filesystem://", backend=f"file://{folder}")
app.conf.broker_transport_options = {
    "data_folder_in": folder,
    "data_folder_out": folder,
    "control_folder": folder,
}
find = app.task(myapp.find, name="find")
