#!/usr/bin/env python3
"""`badmx check` of a real Postfix smtpd that serves certgen's files finds what it finds of our own
server with the same fault.

  postfix.py BADMX FOLDER

Postfix is the system's, or else Debian's package unpacked below FOLDER (apt-get only downloads it:
no MTA is installed). It runs from a private configuration, listens on loopback alone, and ends with
the test. Its master demands root; without that, or without the package, the test is skipped."""

import contextlib
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import lab  # noqa: E402

SCENARIOS = ("healthy", "expired-leaf", "self-signed-leaf", "intermediate-not-sent", "wrong-host")

# Two system users of Debian that own nothing: Postfix refuses root and shared ones.
MAIL_OWNER, SETGID_GROUP = "uucp", "games"


def unpack(folder):
    """Debian's package and the libraries it lacks here, unpacked; None when it can't be had."""
    root = folder / "root"
    if (root / "usr/lib/postfix/sbin/master").exists():
        return root
    if shutil.which("apt-get") is None:
        return None
    archives = folder / "archives"
    (archives / "partial").mkdir(parents=True, exist_ok=True)
    lab.run(["apt-get", "install", "--yes", "--download-only", "--no-install-recommends",
             "-o", f"Dir::Cache::archives={archives}", "-o", "Debug::NoLocking=1", "postfix"],
            seconds=120)
    for package in archives.glob("*.deb"):
        lab.run(["dpkg", "-x", package, root], seconds=60)
    return root if (root / "usr/lib/postfix/sbin/master").exists() else None


def find_postfix(folder):
    """Where its programs, its libraries and further shared objects are."""
    if os.path.exists("/usr/lib/postfix/sbin/master"):
        root = pathlib.Path("/")
    elif (root := unpack(folder)) is None:
        return None
    libraries = [str(path) for path in [root / "usr/lib/postfix", *(root / "usr/lib").glob("*-linux-gnu")]]
    return root / "usr/lib/postfix", [] if root == pathlib.Path("/") else libraries


def free_ports(count):
    """Ports below those that the kernel hands out by itself: between this look and the moment when
    Postfix binds them, a test that runs beside could be given any of the others."""
    first_handed_out = int(pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    ports = []
    for port in random.sample(range(10000, first_handed_out), 200):
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            ports.append(port)
        if len(ports) == count:
            return ports
    raise RuntimeError(f"fewer than {count} of 200 ports below {first_handed_out} are free")


class Postfix:
    """One master with an smtpd service a scenario, while the `with` block runs."""

    def __init__(self, programs, libraries, certificates):
        self._programs, self._libraries, self._certificates = programs, libraries, certificates

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="badmx-postfix-"))
        self.folder.chmod(0o755)
        self.ports = dict(zip(SCENARIOS, free_ports(len(SCENARIOS))))
        self._configure()
        environment = lab.clean_environment(MAIL_CONFIG=str(self.folder / "etc"))
        if self._libraries:
            environment["LD_LIBRARY_PATH"] = ":".join(self._libraries)
        self._process = subprocess.Popen(
            [self._programs / "sbin/master", "-c", self.folder / "etc", "-d"],
            env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, start_new_session=True)
        try:
            self._wait_until_ready()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        # Its own process group: master and whatever it has started.
        for number, patience in ((signal.SIGTERM, 10), (signal.SIGKILL, 10)):
            try:
                os.killpg(self._process.pid, number)
                self._process.wait(patience)
            except ProcessLookupError:
                break
            except subprocess.TimeoutExpired:
                continue
        self._process.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _configure(self):
        etc, queue, data = (self.folder / name for name in ("etc", "queue", "data"))
        for each in (etc, queue, data, queue / "pid", queue / "private", queue / "public"):
            each.mkdir()
        for each in (data, queue / "private", queue / "public"):
            shutil.chown(each, MAIL_OWNER)
        main = {
            "compatibility_level": "3.6",
            "queue_directory": queue,
            "data_directory": data,
            "daemon_directory": self._programs / "sbin",
            "command_directory": self._programs.parent.parent / "sbin",
            "shlib_directory": self._programs,
            "meta_directory": etc,
            "mail_owner": MAIL_OWNER,
            "setgid_group": SETGID_GROUP,
            "import_environment": "MAIL_CONFIG LANG=C LD_LIBRARY_PATH",
            "maillog_file": self.folder / "mail.log",
            "maillog_file_prefixes": self.folder,
            "inet_interfaces": "127.0.0.1",
            "inet_protocols": "ipv4",
            "myhostname": "mx.badmx.test",
            "mydestination": "",
            "mynetworks": "127.0.0.0/8",
            "local_transport": "error:no",
            "alias_maps": "",
            "local_recipient_maps": "",
            "smtpd_peername_lookup": "no",
            "smtpd_client_connection_count_limit": "0",
            "smtpd_client_connection_rate_limit": "0",
            "smtpd_tls_security_level": "may",
            "smtpd_tls_session_cache_database": "",
            "tls_random_source": "dev:/dev/urandom",
        }
        (etc / "main.cf").write_text("".join(f"{key} = {value}\n" for key, value in main.items()))
        services = ["postlog unix-dgram n - n - 1 postlogd", "tlsmgr unix - - n 1000? 1 tlsmgr",
                    "rewrite unix - - n - - trivial-rewrite", "cleanup unix n - n - 0 cleanup"]
        for scenario, port in self.ports.items():
            made = self._certificates / scenario
            services.append(f"127.0.0.1:{port} inet n - n - - smtpd\n"
                            f"  -o smtpd_tls_chain_files={made}/chain.key,{made}/chain.pem")
        (etc / "master.cf").write_text("\n".join(services) + "\n")

    def _wait_until_ready(self):
        deadline = time.monotonic() + 20
        waiting = list(self.ports.values())
        while waiting:
            try:
                with socket.create_connection(("127.0.0.1", waiting[0]), 1) as connection:
                    connection.settimeout(10)
                    if connection.recv(4) == b"220 ":
                        waiting.pop(0)
            except OSError:
                time.sleep(0.05)
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"Postfix doesn't answer: {self._said()[-2000:]}")

    def _said(self):
        """All that master and its services said; ends them."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGTERM)
        try:
            said = self._process.communicate(timeout=10)[0].decode(errors="replace")
        except subprocess.TimeoutExpired:
            said = ""
        log = self.folder / "mail.log"
        ended = f"(master ended with {self._process.poll()}) "
        return ended + said + (log.read_text() if log.exists() else "")


def diagnosis(badmx, host, port, server):
    said = lab.run([badmx, "check", f"{host}:{port}", "--name", server.name, "--domain",
                    server.domain, "--trust", server.trust, "--json"], seconds=30)
    report = json.loads(said.out)
    return {"findings": [(each["code"], each["where"]) for each in report["findings"]],
            "verdicts": {policy: each["outcome"] for policy, each in report["verdicts"].items()}}


def main(badmx, folder):
    tally = lab.Tally()
    if os.geteuid() != 0:
        tally.skipped("postfix", "its master runs as root only")
        return tally.end()
    found = find_postfix(pathlib.Path(folder).resolve())
    if found is None:
        tally.skipped("postfix", "neither installed nor to be had from apt-get")
        return tally.end()
    seed = os.urandom(32).hex()
    with tempfile.TemporaryDirectory(prefix="badmx-files-") as place:
        files = pathlib.Path(place) / "files"
        made = lab.run([badmx, "certgen", *SCENARIOS, "-o", files, "--seed", seed])
        if made.code != 0:
            tally.failed("certgen", made.err)
            return tally.end()
        with lab.Lab(badmx, SCENARIOS, ["--seed", seed]) as ours, Postfix(*found, files) as theirs:
            for scenario, server in ours.servers.items():
                tally.judge(scenario,
                            diagnosis(badmx, server.host, server.port, server),
                            diagnosis(badmx, "127.0.0.1", theirs.ports[scenario], server))
    return tally.end()


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2]))
