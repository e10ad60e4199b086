"""The client of examples/hooks/fork_safe_client.py that readers copy: what it promises.

Every program runs alone, as examples do: nothing forks inside pytest. Its server is a process of
its own, so that no descriptor of the server's side hides in the children. STRESS_FORKS says how
often a stress forks, and that the other one takes a tenth of so many seconds; the nightly job says
300.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from runner import EXAMPLES
from tests.support.play import STRESS_FORKS, Play

MODULE = EXAMPLES / "hooks" / "fork_safe_client.py"

START = """
import collections, contextlib, ctypes, gc, itertools, multiprocessing, os
import random, signal, socket, socketserver, sys, threading, time, weakref
import fork_safe_client
from fork_safe_client import Client

events_fd, tell_fd = os.pipe()
wait_fd, go_on_fd = os.pipe()

class Server(socketserver.StreamRequestHandler):
    "Answers a line by the number of the session and the line; tells how a session ended."
    numbers = itertools.count(1)

    def handle(self):
        session, how = next(self.numbers), b"eof"
        with contextlib.suppress(ConnectionError):
            for line in self.rfile:
                if line == b"QUIT\\n":
                    how = b"quit"
                    break
                if line == b"hang up\\n":
                    break
                if line == b"slow\\n":
                    os.write(tell_fd, b"asked slow\\n")
                    os.read(wait_fd, 1)
                self.wfile.write(b"%d %s" % (session, line))
        os.write(tell_fd, b"%d %s\\n" % (session, how))

socketserver.ThreadingTCPServer.request_queue_size = 100
server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Server)
server.daemon_threads = True
address = server.server_address
server_pid = os.fork()
if server_pid == 0:
    signal.alarm(120)
    server.serve_forever()
server.server_close()
c_fork = ctypes.PyDLL(None).fork

def end_server():
    os.kill(server_pid, signal.SIGKILL)
    os.waitpid(server_pid, 0)

def event():
    return os.read(events_fd, 100).decode().strip()

def say(*words):
    print(*words, flush=True)

def in_child(act, fork=os.fork, wait=True):
    pid = fork()
    if pid == 0:
        signal.alarm(10)
        try:
            act()
            sys.stdout.flush()
            os._exit(0)
        except BaseException as error:
            print("child:", repr(error), flush=True)
            os._exit(1)
    return finish(pid) if wait else pid

def finish(pid):
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if code:
        say("child ended with", code)

signal.alarm(30)
"""


@pytest.fixture
def play(tmp_path: Path) -> Play:
    return Play(tmp_path, START, "\nend_server()\n", MODULE, timeout=40)


FAMILY = """
    client = Client(address)
    say(client.ask(b"parent"))

    def child():
        say(client.ask(b"child"))
        in_child(lambda: say(client.ask(b"grandchild")), fork)
        say(client.ask(b"child"))

    in_child(child, fork)
    say(client.ask(b"parent"))
"""


@pytest.mark.parametrize("fork", ["os.fork", "c_fork"])
def test_every_process_has_a_session_of_its_own(play: Play, fork: str) -> None:
    said = play(f"    fork = {fork}\n" + FAMILY)
    assert said == [
        "b'1 parent'",
        "b'2 child'",
        "b'3 grandchild'",
        "b'2 child'",
        "b'1 parent'",
    ]


def test_the_hook_does_not_trust_the_pid(play: Play) -> None:
    """In a new PID namespace parent and child can both be pid 1."""
    said = play("    fork = os.fork; os.getpid = lambda: 1\n" + FAMILY)
    assert said == [
        "b'1 parent'",
        "b'2 child'",
        "b'3 grandchild'",
        "b'2 child'",
        "b'1 parent'",
    ]


NO_HOOK = "fork_safe_client.all_connections.clear()"
NO_CHECK = "Client.own_connections = lambda self: self.connections"


@pytest.mark.parametrize(
    ("broken", "fork", "shares"),
    [
        (NO_HOOK, "os.fork", False),  # the check alone suffices
        (NO_CHECK, "os.fork", False),  # and so does the hook: the child gets an error
        (f"{NO_HOOK}; {NO_CHECK}", "os.fork", True),
        (NO_CHECK, "c_fork", True),
    ],
)
def test_the_test_sees_a_shared_session(play: Play, broken: str, fork: str, shares: bool) -> None:
    said = play(f"    fork = {fork}\n" + FAMILY.replace("say(client", f"{broken}; say(client", 1))
    assert ("b'1 grandchild'" in said) == shares


def test_multiprocessing(play: Play) -> None:
    said = play("""
    client = Client(address)
    say(client.ask(b"parent"))
    context = multiprocessing.get_context("fork")
    process = context.Process(target=lambda: say(client.ask(b"child")))
    process.start()
    process.join()
    say(client.ask(b"parent"))
    """)
    assert said == ["b'1 parent'", "b'2 child'", "b'1 parent'"]


@pytest.mark.parametrize("fork", ["os.fork", "c_fork"])
def test_a_child_says_no_goodbye_for_its_parent(play: Play, fork: str) -> None:
    said = play(f"""
    client = Client(address)
    client.ask(b"parent")
    in_child(client.close, {fork})
    say(client.ask(b"parent"))
    client.close()
    say(event())
    """)
    assert said == ["b'1 parent'", "1 quit"]


def test_a_child_that_forgets_or_ends_says_nothing(play: Play) -> None:
    said = play("""
    client = Client(address)
    client.ask(b"parent")

    def child():
        global client
        del client
        gc.collect()

    in_child(child)
    finish_line = multiprocessing.get_context("fork").Process(target=sys.exit)
    finish_line.start()
    finish_line.join()
    say(client.ask(b"parent"))
    """)
    assert said == ["b'1 parent'"]


def test_a_child_that_never_asks_does_not_keep_the_session_open(play: Play) -> None:
    """What the hook brings beyond the check: the server sees the end of the parent's session."""
    said = play("""
    client = Client(address)
    client.ask(b"parent")
    read_fd, write_fd = os.pipe()

    def child():
        os.close(write_fd)
        os.read(read_fd, 1)

    pid = in_child(child, wait=False)
    client.connections.let_go()
    say(event())
    os.close(write_fd)
    finish(pid)
    """)
    assert said == ["1 eof"]


def test_nor_when_a_thread_was_using_it_at_the_fork(play: Play) -> None:
    """The frame of the lost thread refers to the session for ever: it must be closed, not left."""
    said = play("""
    client = Client(address)
    thread = threading.Thread(target=lambda: say(client.ask(b"slow")))
    thread.start()
    say(event())
    read_fd, write_fd = os.pipe()

    def child():
        os.close(write_fd)
        os.read(read_fd, 1)

    pid = in_child(child, wait=False)
    os.write(go_on_fd, b".")
    thread.join()
    client.connections.let_go()
    say(event())
    os.close(write_fd)
    finish(pid)
    """)
    assert said == ["asked slow", "b'1 slow'", "1 eof"]


def test_a_thread_that_connects_for_the_first_time_at_the_fork(play: Play) -> None:
    """create_connection() imports a codec then, and the child inherits the lock of that import."""
    said = play("""
    class Slow:
        "Finds no module; the import of the codec waits here."

        def find_spec(name, path, target=None):
            if name == "encodings.idna":
                os.write(tell_fd, b"importing")
                os.read(wait_fd, 1)

    def work():
        client.ask(b"parent")
        os.write(tell_fd, b"asked")

    client = Client(address)
    sys.meta_path.insert(0, Slow)
    thread = threading.Thread(target=work)
    thread.start()
    event()
    in_child(lambda: say(client.ask(b"child").split()[1]))
    os.write(go_on_fd, b".")
    thread.join()
    """)
    assert said == ["b'child'"]


@pytest.mark.parametrize("fork", ["os.fork", "c_fork"])
def test_a_thread_that_waits_for_its_answer_at_the_fork(play: Play, fork: str) -> None:
    """It holds the lock of the session, and nobody in the child will release that one."""
    said = play(f"""
    client = Client(address)
    thread = threading.Thread(target=lambda: say(client.ask(b"slow")))
    thread.start()
    say(event())
    in_child(lambda: say(client.ask(b"child")), {fork})
    os.write(go_on_fd, b".")
    thread.join()
    """)
    assert said == ["asked slow", "b'2 child'", "b'1 slow'"]


def test_a_late_answer_is_nobody_elses(play: Play) -> None:
    said = play("""
    client = Client(address)
    client.ask(b"before")
    client.connections.idle[0].settimeout(0.2)
    try:
        client.ask(b"slow")
    except TimeoutError:
        say("timeout")
    os.write(go_on_fd, b".")
    say(client.ask(b"after"))
    """)
    assert said == ["timeout", "b'2 after'"]


def test_a_server_that_hangs_up(play: Play) -> None:
    said = play("""
    client = Client(address)
    try:
        client.ask(b"hang up")
    except ConnectionError as error:
        say(error)
    say(client.ask(b"after"))
    """)
    assert said == ["the server hung up", "b'2 after'"]


def test_threads_get_their_own_answers(play: Play) -> None:
    """Each on a connection of its own while it asks: never more of them than threads."""
    said = play("""
    client, wrong, sessions = Client(address), [], set()

    def work(name):
        for n in range(100):
            question = b"%d.%d" % (name, n)
            session, answer = client.ask(question).split()
            sessions.add(session)
            if answer != question:
                wrong.append(question)

    threads = [threading.Thread(target=work, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    say(wrong, len(sessions) <= 8)
    """)
    assert said == ["[] True"]


def test_threads_of_a_child_that_no_hook_knows_of(play: Play) -> None:
    """They meet the pid check at the same time; each gets an answer to its own question."""
    said = play("""
    sys.setswitchinterval(1e-6)
    client = Client(address)
    client.ask(b"parent")
    wrong = []

    def child():
        start = threading.Barrier(8)

        def work(name):
            start.wait()
            for n in range(20):
                session, answer = client.ask(b"%d.%d" % (name, n)).split()
                if session == b"1" or answer != b"%d.%d" % (name, n):
                    wrong.append(answer)

        threads = [threading.Thread(target=work, args=(name,)) for name in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        say(wrong)

    in_child(child, c_fork)
    say(client.ask(b"parent"))
    """)
    assert said == ["[]", "b'1 parent'"]


def test_forks_while_threads_ask(play: Play) -> None:
    said = play("""
    sys.setswitchinterval(1e-6)
    client, wrong, stop = Client(address), [], threading.Event()
    parents, childrens = set(), set()
    read_fd, write_fd = os.pipe()

    def check(question):
        session, _, answer = client.ask(question).partition(b" ")
        if answer != question:
            wrong.append(answer)
        return session

    def work(name):
        for n in itertools.count():
            if stop.is_set():
                break
            parents.add(check(b"%d.%d" % (name, n)))

    def child():
        sessions = {check(b"child %d" % n) for n in range(3)}
        if wrong or len(sessions) != 1:
            os._exit(7)
        os.write(write_fd, sessions.pop())

    client.ask(b"first")
    threads = [threading.Thread(target=work, args=(name,)) for name in range(2)]
    for thread in threads:
        thread.start()
    for _ in range(30):
        in_child(child)
        childrens.add(os.read(read_fd, 100))
    stop.set()
    for thread in threads:
        thread.join()
    say(wrong, len(childrens), len(parents) <= 3, parents & childrens)
    """)
    assert said == ["[] 30 True set()"]


OPEN = """
    def still_open():
        return [thing.fileno() for thing in gc.get_objects()
                if isinstance(thing, socket.socket) and thing.fileno() != -1]
"""


def test_one_client_that_cannot_close_does_not_stop_the_others(play: Play) -> None:
    said = play(f"""{OPEN}
    clients = [Client(address) for _ in range(3)]
    for client in clients:
        client.ask(b"parent")
    os.close(still_open()[1])
    in_child(lambda: say(still_open()))
    """)
    assert said == ["[]"]


def test_clients_that_compare_equal(play: Play) -> None:
    """A WeakSet of clients would take the two for one, and the hook would miss the other."""
    said = play(f"""{OPEN}
    class Equal(Client):
        __eq__ = lambda self, other: True
        __hash__ = lambda self: 1

    clients = [Equal(address), Equal(address)]
    for client in clients:
        client.ask(b"parent")
    in_child(lambda: say(still_open()))
    """)
    assert said == ["[]"]


def test_long_answers_and_refused_questions(play: Play) -> None:
    said = play("""
    client = Client(address)
    say(len(client.ask(b"x" * 100_000)))
    try:
        client.ask(b"one\\ntwo")
    except ValueError as error:
        say(error)
    say(client.ask(b"after"))
    """)
    assert said == ["100002", "one line, please", "b'1 after'"]


def test_it_connects_again_after_close(play: Play) -> None:
    said = play("""
    client = Client(address)
    client.close()
    client.ask(b"before")
    client.close()
    client.close()
    say(event())
    say(client.ask(b"after"))
    """)
    assert said == ["1 quit", "b'2 after'"]


def test_a_client_is_not_kept_alive(play: Play) -> None:
    said = play("""
    client = Client(address)
    say(len(fork_safe_client.all_connections))
    del client
    gc.collect()
    say(len(fork_safe_client.all_connections))
    """)
    assert said == ["1", "0"]


INTERRUPTED = """
    class Limit(BaseException):
        "What a signal handler raises: Ctrl-C, a soft time limit, the end at SIGTERM."

    def limit(*_):
        raise Limit

    FILES = {f.__code__.co_filename for f in (
        Client.ask, socket.create_connection, contextlib.suppress.__exit__, weakref.WeakSet.add)}
    started = lambda: True

    def at_opcode(number, act, strike):
        "Run act(), and strike() before opcode *number* of the module or of what it calls."
        left, struck = number, False

        def trace(frame, event, _):
            nonlocal left, struck
            if frame.f_code.co_filename not in FILES:
                return None
            frame.f_trace_opcodes = True
            if event == "opcode" and started():
                left -= 1
                if left == 0:
                    struck = True
                    left = strike() or 0
            return trace

        sys._getframe().f_trace_opcodes = True  # 3.12 wants one before settrace()
        sys.settrace(trace)
        try:
            result = act()
        except (Limit, OSError) as error:
            result = error
        finally:
            sys.settrace(None)
        return struck, result

    sys.unraisablehook = id  # says nothing when an exception meets a weak reference's callback
"""

ACTS = pytest.mark.parametrize(
    "act", ["client.ask(b'asked')", "fresh.ask(b'asked')", "client.close()"]
)


@ACTS
def test_an_exception_anywhere(play: Play, act: str) -> None:
    """A handler raises at each opcode in turn; the next answer is for the next question."""
    said = play(f"""{INTERRUPTED}
    wrong, struck, client = [], True, Client(address)
    for number in itertools.count(1):
        fresh = Client(address)
        client.ask(b"before")
        struck, _ = at_opcode(number, lambda: {act}, limit)
        for one in client, fresh:
            if not one.ask(b"after").endswith(b" after"):
                wrong.append(number)
        if not struck:
            break
    say(number > 50, wrong)
    """)
    assert said == ["True []"]


@pytest.mark.parametrize("act", ["client.ask(b'asked')", "client.close()"])
def test_two_exceptions_one_after_the_other(play: Play, act: str) -> None:
    """Ctrl-C twice: once with the question on its way, once at each opcode after that."""
    said = play(f"""{INTERRUPTED}
    class Connection(socket.socket):
        "Raises once, when everything is sent."
        ready = raised = False

        def sendall(self, data):
            super().sendall(data)
            if Connection.ready and not Connection.raised:
                Connection.raised = True
                raise Limit

    def connect(*arguments):
        connection = Connection(fileno=connect_as_ever(*arguments).detach())
        connection.settimeout(10)
        return connection

    connect_as_ever, socket.create_connection = socket.create_connection, connect
    started = lambda: Connection.raised
    wrong, client = [], Client(address)
    for number in itertools.count(1):
        client.ask(b"before")
        Connection.ready, Connection.raised = True, False
        struck, _ = at_opcode(number, lambda: {act}, limit)
        Connection.ready = False
        try:
            if not client.ask(b"after").endswith(b" after"):
                wrong.append(number)
        except OSError as error:
            wrong.append(error)
            client = Client(address)
        if not struck:
            break
    say(number > 5, wrong)
    """)
    assert said == ["True []"]


@ACTS
def test_a_fork_anywhere(play: Play, act: str) -> None:
    """A handler forks at each opcode in turn, its child forks once more, and all go on from there.

    They get an answer to their own question or an error, and then each has its own session.
    """
    said = play(f"""{INTERRUPTED}
    chance, me = random.Random(1), os.getpid()
    read_fd, write_fd = os.pipe()
    children, wrong, seen = [], [], set()

    def fork():
        pid = os.fork()
        if pid:
            children.append(pid)
            return 0
        signal.alarm(10)
        children.clear()
        return chance.randrange(1, 100) if os.getppid() == me else 0

    def check(answer, question):
        if not isinstance(answer, OSError) and answer is not None:
            if not answer.endswith(question):
                wrong.append((number, answer))

    client = Client(address)
    for number in itertools.count(1):
        fresh = Client(address)
        client.ask(b"before")
        struck, answer = at_opcode(number, lambda: {act}, fork)
        check(answer, b" asked")
        sessions = set()
        for one in client, fresh:
            answer = one.ask(b"after %d" % os.getpid())
            check(answer, b" after %d" % os.getpid())
            sessions.add(answer.split()[0])
        for pid in children:
            finish(pid)
        if os.getpid() != me:
            os.write(write_fd, b"".join(b"%s\\n" % session for session in sessions))
            os._exit(len(wrong))
        children.clear()
        say_of_children = os.read(read_fd, 4096).split() if struck else []
        if not struck:
            break
        shared = sessions & set(say_of_children)
        if shared or len(set(say_of_children)) != len(say_of_children):
            wrong.append((number, shared, say_of_children))
    say(number > 50, wrong)
    """)
    assert said == ["True []"]


@ACTS
def test_a_handler_may_ask_as_well(play: Play, act: str) -> None:
    said = play(f"""{INTERRUPTED}
    wrong, client = [], Client(address)

    def ask():
        if not fresh.ask(b"handler").endswith(b" handler"):
            wrong.append(number)

    for number in itertools.count(1):
        fresh = client
        client.ask(b"before")
        struck, answer = at_opcode(number, lambda: {act}, ask)
        if answer is not None and not answer.endswith(b" asked"):
            wrong.append((number, answer))
        if not client.ask(b"after").endswith(b" after"):
            wrong.append(number)
        if not struck:
            break
    say(number > 50, wrong)
    """)
    assert said == ["True []"]


STORM = """
    def in_client(frame):
        while frame and frame.f_code.co_filename != fork_safe_client.__file__:
            frame = frame.f_back
        return frame is not None

    def drain():
        while os.read(events_fd, 65536):
            pass

    threading.Thread(target=drain, daemon=True).start()
    chance, client, counts = random.Random(1), Client(address), collections.Counter()
    sys.unraisablehook = id  # as above; in C, so that no handler can run inside it
"""


def test_a_storm_of_exceptions(play: Play) -> None:
    """Real signals this time; four of five come in pairs, some microseconds apart."""
    said = play(
        f"""{STORM}
    class Limit(BaseException):
        pass

    def handler(_, frame):
        if in_client(frame):
            if chance.random() < 0.8:
                signal.setitimer(signal.ITIMER_REAL, chance.uniform(1e-6, 20e-6))
            raise Limit

    signal.signal(signal.SIGALRM, handler)
    end = time.monotonic() + {STRESS_FORKS / 10}
    for number in itertools.count():
        if time.monotonic() > end:
            break
        question = b"%d" % number
        signal.setitimer(signal.ITIMER_REAL, chance.uniform(5e-6, 900e-6))
        try:
            answer = client.ask(question).split()[1]
            counts["right" if answer == question else "wrong"] += 1
        except Limit:
            counts["cut off"] += 1
        signal.setitimer(signal.ITIMER_REAL, 0)
    say("wrong", counts["wrong"])
    say(counts["right"] > 20, counts["cut off"] > 20, counts)
    """,
        timeout=40 + STRESS_FORKS / 10,
    )
    assert said[0] == "wrong 0", said
    assert said[1].startswith("True True"), said


def test_a_storm_of_forks(play: Play) -> None:
    """The handler forks; two threads ask, too. Its child goes on in the middle of a question."""
    said = play(
        f"""{STORM}
    signal.alarm(0)
    me, children, stop, parents = os.getpid(), [], threading.Event(), set()
    read_fd, write_fd = os.pipe()

    def check(question):
        session, answer = client.ask(question).split()
        if answer != question:
            counts["wrong"] += 1
        return session

    def work(name):
        for n in itertools.count():
            if stop.is_set():
                break
            parents.add(check(b"%d.%d" % (name, n)))

    def handler(_, frame):
        if not in_client(frame) or os.getpid() != me:
            return
        pid = os.fork()
        if pid:
            children.append(pid)
        else:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(10)

    def child():
        sessions = {{check(b"child"), check(b"child")}}
        if counts["wrong"] or len(sessions) != 1:
            os._exit(7)
        os.write(write_fd, sessions.pop())
        os._exit(0)

    signal.signal(signal.SIGALRM, handler)
    threads = [threading.Thread(target=work, args=(name,)) for name in range(2)]
    for thread in threads:
        thread.start()
    forks, childrens = 0, set()
    while forks < {STRESS_FORKS}:
        signal.setitimer(signal.ITIMER_REAL, chance.uniform(5e-6, 900e-6))
        try:
            parents.add(check(b"main"))
        except OSError:
            if os.getpid() == me:
                counts["wrong"] += 1
        if os.getpid() != me:
            child()
        signal.setitimer(signal.ITIMER_REAL, 0)
        while children:
            forks += 1
            finish(children.pop())
            childrens.add(os.read(read_fd, 100))
    stop.set()
    for thread in threads:
        thread.join()
    say(counts["wrong"], len(childrens) == forks, parents & childrens)
    """,
        timeout=40 + STRESS_FORKS / 5,
    )
    assert said == ["0 True set()"]
