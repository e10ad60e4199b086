import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpResponse
from django.urls import path

DATABASE = {
    "ENGINE": "django.db.backends.postgresql",
    "NAME": os.environ["PGDATABASE"],
    "CONN_MAX_AGE": 60,  # (1)!
}
settings.configure(
    ALLOWED_HOSTS=["*"], DATABASES={"default": DATABASE},
    ROOT_URLCONF=__name__, SECRET_KEY="not a secret",
)
QUERY = "SELECT name FROM fork_demo WHERE name = %s"


def find(request, name):
    with connection.cursor() as cursor:
        cursor.execute(QUERY, [name])
        return HttpResponse(cursor.fetchone()[0])


urlpatterns = [path("<name>", find)]
application = get_wsgi_application()
find(None, "alice")
