from sqlalchemy import create_engine, text

engine = create_engine(
    "postgresql+psycopg://", isolation_level="AUTOCOMMIT"  # (1)!
)
QUERY = text("SELECT name FROM fork_demo WHERE name = :name")


def find(name):
    with engine.connect() as connection:
        return connection.scalar(QUERY, {"name": name})


def application(environ, start_response):
    start_response("200 OK", [])
    return [find(environ["PATH_INFO"][1:]).encode()]


find("alice")
