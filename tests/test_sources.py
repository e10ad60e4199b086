"""What the source of an example may not say, seen without running it."""

from __future__ import annotations

from pathlib import Path

import pytest

from runner import Settings
from runner.faults import source_faults

FIXED = "is fixed, and another program may have it"
EVERYWHERE = "listens on every network of the reader's machine"
FOREIGN = "is another host. An example prints the same without a network"
TIME = "waits for time, and what happens in that time differs with the load"
PLACE = "is a place that this program shares with others"
HEADER = '# /// script\n# dependencies = ["psutil"]\n# ///\n'


def faults(name: str, text: str, folder: Path, settings: Settings | None = None) -> list[str]:
    path = folder / name
    path.write_bytes(text.encode())
    return [
        f"{file.name}:{line}: {said}"
        for file, line, said in source_faults(path, settings or Settings())
    ]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("x.py", '\ns.bind(("127.0.0.1", 8080))', f"x.py:2: port 8080 {FIXED}"),
        ("x.py", 'PORT = 8080\nHOST = "127.0.0.1"\ns.bind((HOST, PORT))', f"port 8080 {FIXED}"),
        ("x.py", "HOST, PORT = gethostname(), 8080\ns.connect((HOST, PORT))", f"port 8080 {FIXED}"),
        ("x.py", "def serve(port=8080):\n    s.bind((HOST, port))", f"x.py:2: port 8080 {FIXED}"),
        ("x.py", 's.bind(("127.0.0.1", 5000 + n))', f"port 5000 {FIXED}"),
        ("x.py", 'address = ("localhost", 9999)', f"port 9999 {FIXED}"),
        ("x.py", 'asyncio.start_server(serve, "127.0.0.1", 8888)', f"port 8888 {FIXED}"),
        ("x.py", "redis.Redis(port=6379)", f"port 6379 {FIXED}"),
        ("x.py", 'urlopen(f"http://127.0.0.1:8000/{path}")', f"port 8000 {FIXED}"),
        ("x.c", "address.sin_port = htons(8080);", f"x.c:1: port 8080 {FIXED}"),
        ("x.c", "#define PORT 8080\naddress.sin_port = htons(PORT);", f"x.c:2: port 8080 {FIXED}"),
        ("x.c", "const int port = 8080;\na.sin_port = htons(port);", f"port 8080 {FIXED}"),
        ("x.rb", 'TCPServer.new("127.0.0.1", 8080)', f"x.rb:1: port 8080 {FIXED}"),
        ("x.rb", 'PORT = 8080\nTCPServer.open("localhost", PORT)', f"x.rb:2: port 8080 {FIXED}"),
        ("x.py", 's.bind(("127.0.0.1", int("8080")))', f"port 8080 {FIXED}"),
        ("x.py", 'P = int(os.environ.get("P", "81"))\nf("::1", P)', f"x.py:2: port 81 {FIXED}"),
        ("x.py", 's.bind(("::1", int(getenv("P", 81))))', f"port 81 {FIXED}"),
        ("x.py", 's.bind(("::1", int(os.getenv("P") or 81)))', f"port 81 {FIXED}"),
        ("x.py", 's.bind(("::1", 81 if old else 0))', f"port 81 {FIXED}"),
        ("x.py", 'create_server(("", 0))', f"'' {EVERYWHERE}"),
        ("x.py", 'address = ("0.0.0.0", 0)', f"0.0.0.0 {EVERYWHERE}"),
        ("x.py", 'address = "", 0\nTCPServer(address, Echo)', f"x.py:2: '' {EVERYWHERE}"),
        ("x.py", 's.bind(("::", 0))', f":: {EVERYWHERE}"),
        ("x.py", "s.bind((socket.INADDR_ANY, 0))", f"INADDR_ANY {EVERYWHERE}"),
        ("x.py", "asyncio.start_server(serve, port=0)", f"without a host {EVERYWHERE}"),
        ("x.py", "loop.create_server(Echo, None, 0)", f"None {EVERYWHERE}"),
        ("x.py", "socket.socket().listen()", f"listen() without bind() {EVERYWHERE}"),
        ("x.c", "a.sin_addr.s_addr = htonl(INADDR_ANY);", f"INADDR_ANY {EVERYWHERE}"),
        ("x.c", "a.sin6_addr = in6addr_any;", f"in6addr_any {EVERYWHERE}"),
        ("x.rb", "server = TCPServer.new(0)", f"TCPServer.new(0) without a host {EVERYWHERE}"),
        ("x.py", 'create_connection(("example.com", port))', f"'example.com' {FOREIGN}"),
        ("x.py", 'name = "db.internal"', f"'db.internal' {FOREIGN}"),
        ("x.py", 's.sendto(b"?", ("8.8.8.8", port))', f"'8.8.8.8' {FOREIGN}"),
        ("x.py", 'socket.getaddrinfo("db", 5432)', f"'db' {FOREIGN}"),
        ("x.py", 'urlopen("https://www.python.org/x")', f"'www.python.org' {FOREIGN}"),
        ("x.py", 'pymysql.connect(host="db")', f"'db' {FOREIGN}"),
        ("x.py", 'os.system("ping -c 1 db")', f"'ping -c 1 db' {FOREIGN}"),
        ("x.py", 'os.system("nc 8.8.8.8 53")', f"'8.8.8.8' {FOREIGN}"),
        ("x.py", 'run(["getent", "hosts", name])', f"'getent hosts' {FOREIGN}"),
        ("x.py", 'os.execvp("/bin/ping", ["ping", "-c1", "db"])', f"-c1 db' {FOREIGN}"),
        ("x.py", 'os.system("host db")', f"'host db' {FOREIGN}"),
        ("x.py", 'C = "dig", "db"\nsubprocess.check_output(C)', f"x.py:2: 'dig db' {FOREIGN}"),
        ("x.c", 'inet_addr("10.0.0.1");', f"'10.0.0.1' {FOREIGN}"),
        ("x.rb", 'TCPSocket.new("example.com", port)', f"'example.com' {FOREIGN}"),
        ("x.py", "\ntime.sleep(1)", f"x.py:2: sleep {TIME}"),
        ("x.py", "while True:\n    sleep(1)", f"sleep {TIME}"),
        ("x.py", "while n < 9:\n    sleep(1)\n    n += 1", f"sleep {TIME}"),
        ("x.py", "nap = time.sleep", f"sleep {TIME}"),
        ("x.py", "from time import sleep as nap", f"sleep {TIME}"),
        ("x.py", "asyncio.sleep(0.1)", f"sleep {TIME}"),
        ("x.py", "threading.Event().wait(0.2)", f"threading.Event().wait(0.2) {TIME}"),
        ("x.py", "if Event().wait(0.2):\n    pass", f"Event().wait(0.2) {TIME}"),
        ("x.py", "PAUSE = 0.2\ndone.wait(timeout=PAUSE)", f"done.wait(timeout=PAUSE) {TIME}"),
        ("x.py", "_ = done.wait(0.2)", f"done.wait(0.2) {TIME}"),
        ("x.py", "with suppress(Empty):\n    jobs.get(timeout=0.2)", f"timeout=0.2) {TIME}"),
        ("x.py", "r = select.select([], [], [], 0.2)\nprint(r)", f"[], 0.2) {TIME}"),
        ("x.py", "select.poll().poll(200)", f"select.poll().poll(200) {TIME}"),
        ("x.py", "thread.join(0.2)", f"thread.join(0.2) {TIME}"),
        ("x.py", "lock.acquire(timeout=0.2)", f"lock.acquire(timeout=0.2) {TIME}"),
        ("x.py", "threading.Timer(0.2, stop).start()", f"threading.Timer(0.2, stop) {TIME}"),
        ("x.py", "signal(SIGALRM, stop)\nalarm(1)\npause()", f"alarm(1), which is awaited, {TIME}"),
        ("x.py", "alarm(1)\nsigwait({SIGALRM})", f"alarm(1), which is awaited, {TIME}"),
        ("x.py", "with suppress(TimeoutError):\n    s.recv(9)", "x.py:1: what is broken off"),
        ("x.py", "try:\n    s.recv(9)\nexcept timeout:\n    pass", f"nobody looks at {TIME}"),
        ("x.py", "while monotonic() < end:\n    pass", f"while monotonic() < end {TIME}"),
        ("x.py", 'subprocess.run(["sleep", "1"])', f"'sleep' {TIME}"),
        ("x.py", 'os.system("sleep 0.1")', f"'sleep 0.1' {TIME}"),
        ("x.py", 'code = "import time; time.sleep(1)"', f"'import time; time.sleep(1)' {TIME}"),
        ("x.c", "usleep(1000);", f"x.c:1: usleep( {TIME}"),
        ("x.c", "poll(NULL, 0, 200);", f"poll(NULL, {TIME}"),
        ("x.rb", "sleep 0.2", f"x.rb:1: sleep {TIME}"),
        ("x.py", '\nopen("/tmp/notes", "w")', f"x.py:2: '/tmp/notes' {PLACE}"),
        ("x.py", 'path = Path("/var/tmp") / name', f"'/var/tmp' {PLACE}"),
        ("x.py", 'open(f"/dev/shm/{name}", "w")', f"'/dev/shm/' {PLACE}"),
        ("x.py", 'open("../notes", "w")', f"'../notes' {PLACE}"),
        ("x.py", 'os.path.expanduser("~/.cache")', f"'~/.cache' {PLACE}"),
        ("x.py", 'os.system("date > /tmp/notes")', f"'date > /tmp/notes' {PLACE}"),
        ("x.c", 'int fd = mkstemp("/tmp/notesXXXXXX");', f"'/tmp/notesXXXXXX' {PLACE}"),
        ("x.c", 'sem_t *s = sem_open("/gate", O_CREAT);', "sem_open without unlink leaves a name"),
        ("x.rb", "File.write('/tmp/notes', 1)", f"'/tmp/notes' {PLACE}"),
        ("x.py", 'os.environ.get("PYTHONUNBUFFERED")', "PYTHONUNBUFFERED is a variable"),
        ("x.py", "import psutil", "x.py:1: it imports psutil, and the header by which `uv run`"),
        ("x.py", "import psutil", f'with --8<-- "…/x.py:5:"\n{HEADER}'),
        ("x.py", 'start([python, "-m", "gunicorn", app])', "x.py:1: it imports gunicorn, and the"),
        ("x.py", 'run("ss -tnp")', 'ss - asks for ss: write needs = ["ss"] into x.toml'),
        ("x.py", f"{HEADER}\nimport os", "the header names psutil, which nothing imports"),
        ("x.py", "import os\r\nos.fork()\r\n", "x.py:1: its lines end in CR LF, here"),
        ("x.py", f"print('{'x' * 70}')", "x.py:1: 79 columns; 72 fit the page: wrap the line"),
        ("json.py", "print(1)", "json.py:1: its name hides the module json of Python"),
        ("x.py", 'os.environ["REDIS_URL"]', 'REDIS_URL asks for redis: write needs = ["redis"]'),
        ("x.py", "os.sched_setaffinity(0, {1})", 'x.toml:1: lab = "", but sched_setaff'),
    ],
)  # fmt: skip
def test_what_a_source_may_not_say(name: str, text: str, message: str, tmp_path: Path) -> None:
    found = faults(name, text, tmp_path)
    assert any(message in said for said in found), found


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x.py", 'listener = socket.create_server(("127.0.0.1", 0))\nlistener.listen()'),
        ("x.py", "s.bind(address)\ns.listen()"),
        ("x.py", 'socket.getaddrinfo("localhost", 80)'),
        ("x.py", 'sizes = [("pages", 4096), ("", 10)]'),
        ("x.py", 'sqlite3.connect("orders.db")'),
        ("x.py", "while not done():\n    sleep(1)"),
        ("x.py", "while not ready:\n    time.sleep(0.01)"),
        ("x.py", "print(done.wait(0.1))"),
        ("x.py", "if lock.acquire(timeout=0.1):\n    pass"),
        ("x.py", "alarm(1)\npause()"),
        ("x.py", "try:\n    s.recv(9)\nexcept TimeoutError:\n    print('no answer')"),
        ("x.py", "while not done:\n    with suppress(TimeoutError):\n        s.recv(9)"),
        ("x.py", 'subprocess.run(["ping", "-c1", "127.0.0.1"])\nprint("host", "port")'),
        ("x.py", 's.bind(("127.0.0.1", int(os.environ["P"])))'),
        ("x.py", "timeit.Timer('1 + 1').repeat(5, 500)"),
        ("x.py", "done.wait()\nthread.join()\npoll.poll(0)"),
        ("x.py", 'print("asleep, he sleeps; sleep is the lesson")'),
        ("x.py", 'open("/proc/self/maps")\nopen("/dev/null")\nprint("~", "/", "...", "read/run")'),
        ("x.py", f"{HEADER}\nimport os\n\nimport psutil"),
        ("x.py", f"{HEADER.replace('psutil', 'p' * 60)}\nimport {'p' * 60}"),
        ("x.py", f'{HEADER}\nstart([python, "-m", "psutil"])\nstart(["-m", "asyncio"])'),
        ("x.c", "a.sin_port = htons(0);\na.sin_addr.s_addr = htonl(INADDR_LOOPBACK);"),
        ("x.c", "while (!done)\n    usleep(1000);"),
        ("x.rb", 'server = TCPServer.new("127.0.0.1", 0)'),
    ],
)
def test_what_a_source_may_say(name: str, text: str, tmp_path: Path) -> None:
    assert faults(name, text, tmp_path) == []


def test_settings_that_nothing_calls_for_any_more(tmp_path: Path) -> None:
    assert "nothing in the program waits for time; remove it" in str(
        faults("x.py", "print(1)", tmp_path, Settings(waits=True, why="!"))
    )
    assert faults("x.py", "time.sleep(1)", tmp_path, Settings(waits=True, why="!")) == []
    assert "no lab runs .c files: remove it" in str(
        faults("x.c", "int main;", tmp_path, Settings(lab="cpus"))
    )
    assert "nothing in the program asks for CPUs: remove it" in str(
        faults("x.py", "print(1)", tmp_path, Settings(lab="cpus"))
    )
