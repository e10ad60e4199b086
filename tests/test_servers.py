"""The private servers answer, keep to themselves, and leave nothing behind.

Anybody who reaches one acts with the rights of the user who runs the tests: none has a password.
"""

from __future__ import annotations

import re
import stat
from pathlib import Path

import psutil
import psycopg
import pymysql
import pytest
import redis

from runner import Servers
from runner import servers as kinds
from tests.support.results import require


def mariadb_answers(found: dict[str, str]) -> object:
    connection = pymysql.connect(unix_socket=found["MYSQL_UNIX_PORT"], user="root")
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT 6 * 7")
        return cursor.fetchone()


def postgres_answers(found: dict[str, str]) -> object:
    with psycopg.connect(
        host=found["PGHOST"], port=found["PGPORT"], user=found["PGUSER"], dbname=found["PGDATABASE"]
    ) as connection:
        return connection.execute("SELECT 6 * 7").fetchone()


def redis_answers(found: dict[str, str]) -> object:
    with redis.Redis.from_url(found["REDIS_URL"]) as client:
        client.set("answer", 42)
        return (int(client.get("answer") or 0),)


ANSWERS = {"mariadb": mariadb_answers, "postgres": postgres_answers, "redis": redis_answers}


@pytest.mark.parametrize("name", kinds.SERVERS)
def test_a_server_answers_and_ends(name: str) -> None:
    require([name])
    before = psutil.Process().children()
    with Servers() as servers:
        found = servers.environment([name])
        assert ANSWERS[name](found) == (42,)
        assert servers.environment([name]) == found, "started twice"
        (server,) = (child for child in psutil.Process().children() if child not in before)
        folder = next(
            path for path in Path("/tmp").glob(f"after-fork-{name}-*") if str(path) in str(found)
        )
        assert server.username() == folder.owner()
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert server.net_connections("inet") == [], "it listens beyond its folder"
    assert not server.is_running()
    assert not folder.exists()
    assert psutil.Process().children() == before


def test_a_server_that_does_not_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    require(["mariadb"])
    broken = kinds.SERVERS["mariadb"]
    refuses = kinds.Server(
        broken.prepare,
        lambda folder: [*broken.start(folder), "--no-such-option"],
        broken.ready,
        broken.stop_signal,
        broken.environment,
    )
    monkeypatch.setitem(kinds.SERVERS, "mariadb", refuses)
    before = set(Path("/tmp").glob("after-fork-mariadb-*"))
    with pytest.raises(RuntimeError, match=re.escape("no-such-option")), Servers() as servers:
        servers.environment(["mariadb"])
    assert set(Path("/tmp").glob("after-fork-mariadb-*")) <= before


def test_what_is_no_server_brings_nothing() -> None:
    with Servers() as servers:
        assert servers.environment(["cc", "ruby"]) == {}
