"""Starting the servers that are compared. Each is a context manager that gives a Server; all of
them listen on loopback and end with the block, whatever happens in it."""
import contextlib
import json
import os
import pathlib
import select
import shutil
import socket
import subprocess
import time
from typing import NamedTuple

from measure import BenchError

STARTING = 60  # seconds, the longest
PEERS = pathlib.Path(__file__).parent / "peers"


class Server(NamedTuple):
    pid: int
    port: int

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"


@contextlib.contextmanager
def ends_with_stdin(argv, **how):
    """A program that ends, with exit code 0, when its standard input does."""
    child = subprocess.Popen([str(word) for word in argv], stdin=subprocess.PIPE, **how)
    try:
        yield child
    finally:
        child.stdin.close()
        try:
            code = child.wait(timeout=15)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            code = "not at all"
        if child.stdout:
            child.stdout.close()
    if code != 0:
        raise BenchError(f"{' '.join(map(str, argv[:3]))}: ended with {code}")


def first_line(child, what):
    if not select.select([child.stdout], [], [], STARTING)[0]:
        raise BenchError(f"{what} said nothing")
    return child.stdout.readline().decode().strip()


@contextlib.contextmanager
def says_its_port(argv, env=None):
    with ends_with_stdin(argv, stdout=subprocess.PIPE, env=env) as child:
        line = first_line(child, argv[0])
        if not line.startswith("port "):
            raise BenchError(f"{argv[0]}: no port but {line!r}")
        yield Server(child.pid, int(line.split()[1]))


@contextlib.contextmanager
def badmx_server(badmx, folder, threads=1):
    ready = pathlib.Path(folder) / f"ready-{time.monotonic_ns()}.json"
    argv = [badmx, "serve", "healthy", "--listen", "127.0.0.1", "--threads", threads,
            "--ready-file", ready, "--exit-with-stdin"]
    with ends_with_stdin(argv, stdout=subprocess.DEVNULL) as child:
        deadline = time.monotonic() + STARTING
        while not ready.exists():
            if child.poll() is not None or time.monotonic() > deadline:
                raise BenchError("badmx serve: no ready file")
            time.sleep(0.01)
        yield Server(child.pid, json.loads(ready.read_text())["scenarios"]["healthy"]["port"])


def minimal_server(programs, chain, address="127.0.0.1"):
    return says_its_port([programs / "minimal_server", address, *chain])


def aiosmtpd_server(python, chain):
    return says_its_port([python, PEERS / "aiosmtpd_server.py", *chain])


def node_server(chain):
    return says_its_port(["node", PEERS / "smtp_server.js", *chain])


POSTFIX_MAIN = """compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
inet_interfaces = loopback-only
inet_protocols = ipv4
myhostname = mx.bench.test
mydestination = mx.bench.test
local_transport = error:no
local_recipient_maps =
alias_maps =
smtpd_relay_restrictions = reject_unauth_destination
smtpd_peername_lookup = no
smtpd_client_connection_count_limit = 0
smtpd_tls_security_level = may
smtpd_tls_chain_files = {key} {chain}
"""
POSTFIX_SERVICES = """127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
anvil unix - - n - 1 anvil
error unix - - n - - error
postlog unix-dgram n - n - 1 postlogd
"""


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def wait_for_banner(port):
    deadline = time.monotonic() + STARTING
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as one:
            if one.recv(3) == b"220":
                return
        time.sleep(0.05)
    raise BenchError("no banner")


@contextlib.contextmanager
def postfix_server(chain, folder):
    """A private instance, apart from the system's. Its master wants to be started by root."""
    folder = pathlib.Path(folder) / f"postfix-{time.monotonic_ns()}"
    etc = folder / "etc"
    etc.mkdir(parents=True)
    (folder / "queue").mkdir()
    (folder / "data").mkdir()
    shutil.chown(folder / "data", "postfix")
    port = free_port()
    certificates, key = chain
    (etc / "main.cf").write_text(
        POSTFIX_MAIN.format(folder=folder, chain=certificates, key=key))
    (etc / "master.cf").write_text(POSTFIX_SERVICES.format(port=port))
    command = ["postfix", "-c", etc]
    said = subprocess.run([*command, "start"], capture_output=True, check=False)
    if said.returncode != 0:
        raise BenchError("postfix start: " + said.stderr.decode(errors="replace").strip())
    try:
        wait_for_banner(port)
        yield Server(int((folder / "queue/pid/master.pid").read_text()), port)
    finally:
        subprocess.run([*command, "stop"], capture_output=True, check=False)


def python_with_aiosmtpd():
    """The path of a Python that has aiosmtpd (Debian's has python3-aiosmtpd), None without."""
    for python in ("/usr/bin/python3", shutil.which("python3")):
        if python and os.path.exists(python) and succeeds([python, "-c", "import aiosmtpd"]):
            return python
    return None


def has_postfix():
    return bool(shutil.which("postfix")) and os.geteuid() == 0


def has_node_server():
    """Node looks for it in NODE_PATH."""
    return bool(shutil.which("node")) and succeeds(["node", "-e", "require('smtp-server')"])


def succeeds(argv):
    return subprocess.run(argv, capture_output=True, check=False).returncode == 0
