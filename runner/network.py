"""What the source of an example says of addresses: loopback only, a free port, no other host."""

from __future__ import annotations

import ast
import ipaddress
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from .source import Fault, Source, name_of

EVERYWHERE = ("", "0.0.0.0", "::")
_LOOK_UP = ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr")
_REACH = ("connect", "connect_ex", "create_connection", "sendto", "Client")  # a pair
_REACH_BY_NAME = ("open_connection", "HTTPConnection", "HTTPSConnection", "SMTP", "FTP")
_LISTEN = re.compile(r"bind|create_server|start_server|Listener|\w*Manager|\w*Server")
_NAME = re.compile(
    r"(?:[\w-]+\.)+(?:com|org|net|io|dev|app|edu|gov|info|jp|uk|de"
    r"|invalid|test|example|local|internal)\.?"
)
_URL = re.compile(r"\b(?:https?|ftp|wss?)://(?:[^/@\s]*@)?(\[[^]]*\]|[^/:\s]+)")
_ASKS = r"(?:/\S*/)?(?:curl|wget|ping|dig|nslookup|ssh|telnet|getent\s+(?:ahosts\w*|hosts)"
_COMMAND = re.compile(_ASKS + r")\s+\S.*")
_CALLED = re.compile(_ASKS + r"|host)\b(?!.*(?:\b127\.|\blocalhost\b)).*")  # “host” is a word, too
_CALLS = re.compile(
    r"run|Popen|popen|system|(?:check_)?(?:call|output)|get(?:status)?output|exec\w+"
    r"|(?:posix_)?spawn\w+|create_subprocess_\w+"
)
_NUMBERS = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])")
_PORT_IN_TEXT = re.compile(r"(?:127\.\d+\.\d+\.\d+|\blocalhost|\[::1\]):([1-9]\d*)")
_ANY = re.compile(r"\b(INADDR_ANY|in6addr_any|IN6ADDR_ANY_INIT|AI_PASSIVE)\b")
_PORT_IN_C = re.compile(r"\bhtons\s*\(\s*(\w+)\s*\)|\bsin6?_port\s*=\s*(\w+)\s*;")
_PORT_ALONE_IN_RUBY = re.compile(r"\b(?:TCPServer\.(?:new|open)|tcp_server_\w+)[( ]\s*(\w+)\s*\)?$")
_PORT_IN_RUBY = re.compile(r"[\"'](?:127\.[\d.]+|localhost|::1)[\"'],\s*(\w+)")
_CONSTANT = re.compile(r"^\s*(?:#define\s+|(?:const\s+)?(?:\w+\s+)?)(\w+)[ =]+(\d+);?\s*$")


def network_faults(source: Source) -> Iterator[Fault]:
    """Fixed ports, listeners beyond loopback, and hosts that are not this machine."""
    found = [*_of_strings(source), *(_of_python(source) if source.tree else _of_lines(source))]
    yield from sorted(set(found))


def _fixed(port: object) -> str:
    return (
        f"port {port} is fixed, and another program may have it where this runs: "
        "take port 0, and ask the listener for its address: getsockname()"
    )


def _everywhere(host: object) -> str:
    return (
        f"{host} listens on every network of the reader's machine, open to others: "
        "listen on 127.0.0.1"
    )


def _foreign(host: object) -> str:
    return (
        f"{host!r} is another host. An example prints the same without a network, and asks "
        "nobody: let it talk to a listener of its own on 127.0.0.1, port 0"
    )


def _is_local(host: object) -> bool:
    """Also for what is no host at all: a path, bytes, None."""
    if not isinstance(host, str) or host in (*EVERYWHERE, "localhost") or host.startswith("/"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _is_address(host: object) -> bool:
    """Whether *host* is written as nothing but a host is."""
    if host in ("localhost", "0.0.0.0", "::"):
        return True
    try:
        return isinstance(host, str) and bool(ipaddress.ip_address(host))
    except ValueError:
        return False


def _is_local_address(text: str) -> bool:
    """False for the address of another host, and for nothing else."""
    return not _is_address(text) or _is_local(text)


def _of_strings(source: Source) -> Iterator[Fault]:
    for line, text in source.strings:
        if text in EVERYWHERE[1:]:
            yield line, _everywhere(text)
        elif _NAME.fullmatch(text) or _COMMAND.fullmatch(text) or not _is_local_address(text):
            yield line, _foreign(text)
        for found in _NUMBERS.finditer(text):
            if found[0] not in EVERYWHERE and not _is_local(found[0]):
                yield line, _foreign(found[0])
        for found in _URL.finditer(text):
            if not _is_local(found[1]):
                yield line, _foreign(found[1])
        for found in _PORT_IN_TEXT.finditer(text):
            yield line, _fixed(found[1])


def _of_python(source: Source) -> Iterator[Fault]:
    for node in source.nodes:
        if isinstance(node, ast.Tuple):
            yield from _of_pairs(source, node.elts[:2], node.lineno)
        elif isinstance(node, ast.Attribute | ast.Name) and _ANY.fullmatch(name_of(node)):
            yield node.lineno, _everywhere(name_of(node))
    for name, call in source.calls:
        yield from _of_call(source, name, call)


def _of_pairs(source: Source, nodes: Sequence[ast.AST], line: int) -> Iterator[Fault]:
    """A host followed by a port, wherever the two stand."""
    for host, port in pairwise(nodes):
        if any(_is_address(value) and _is_local(value) for value in source.values(host)):
            yield from _of_port(source, port, line)


def _of_port(source: Source, port: ast.AST, line: int) -> Iterator[Fault]:
    for value in source.values(port):
        if type(value) is int and value > 0:
            yield line, _fixed(value)


def _of_call(source: Source, name: str, call: ast.Call) -> Iterator[Fault]:
    line = call.lineno
    listens = bool(_LISTEN.fullmatch(name))
    hosts: list[ast.AST] = [*call.args[:1]] if name in (*_LOOK_UP, *_REACH_BY_NAME) else []
    ports: list[ast.AST] = []
    if listens and len(call.args) > 1 and name in ("start_server", "create_server"):
        hosts.append(call.args[1])
    for keyword in call.keywords:
        if keyword.arg in ("host", "hostname"):
            hosts.append(keyword.value)
        if keyword.arg == "port":
            ports.append(keyword.value)
    if listens or name in _REACH:
        for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
            for address in source.meanings(argument):
                if isinstance(address, ast.Tuple) and len(address.elts) > 1:
                    hosts.append(address.elts[0])
                    if all(map(_is_local, source.values(address.elts[0]))):
                        ports.append(address.elts[1])
    if name not in _LOOK_UP:
        yield from _of_pairs(source, call.args, line)
    for port in ports:
        yield from _of_port(source, port, line)
    for value in (value for host in hosts for value in source.values(host)):
        if listens and value in (*EVERYWHERE, None):
            yield line, _everywhere(repr(value))
        elif not _is_local(value):
            yield line, _foreign(value)
    if name == "start_server" and not hosts:
        yield line, _everywhere("start_server without a host")
    if name == "listen" and not any(_LISTEN.fullmatch(other) for other, _ in source.calls):
        yield line, _everywhere("listen() without bind()")
    if _CALLS.fullmatch(name) and _CALLED.fullmatch(command := _command(source, call)):
        yield line, _foreign(command)
    if name == "getfqdn":
        yield line, _foreign("getfqdn()")


def _command(source: Source, call: ast.Call) -> str:
    """What a call that runs a command would be in a shell: strings, also those of its lists."""
    words: list[ast.AST] = []
    for argument in call.args:
        for meaning in source.meanings(argument):
            words += meaning.elts if isinstance(meaning, ast.List | ast.Tuple) else [meaning]
    return " ".join(
        text.value
        for word in words
        if isinstance(word, ast.Constant | ast.JoinedStr)
        for text in ast.walk(word)
        if isinstance(text, ast.Constant) and isinstance(text.value, str)
    )


def _of_lines(source: Source) -> Iterator[Fault]:
    """The same in C and Ruby, which are not parsed."""
    constants = {m[1]: m[2] for _, line in source.lines if (m := _CONSTANT.match(line))}
    is_ruby = source.path.suffix == ".rb"
    for number, line in source.lines:
        if found := _ANY.search(line):
            yield number, _everywhere(found[1])
        if is_ruby and (found := _PORT_ALONE_IN_RUBY.search(line)):
            yield number, _everywhere(f"{found[0]} without a host")
        for found in (_PORT_IN_RUBY if is_ruby else _PORT_IN_C).finditer(line):
            port = next(filter(None, found.groups()))
            port = constants.get(port, port)
            if port.isdigit() and int(port) > 0:
                yield number, _fixed(port)
