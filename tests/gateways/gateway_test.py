#!/usr/bin/env python3
"""`badmx gateway`: made-up senders for what it does with any, real ones for what it finds.

  BADMX=build/release/badmx gateway_test.py [Class.test]"""

import json
import os
import pathlib
import shutil
import signal
import smtplib
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import lab  # noqa: E402

BADMX = os.path.abspath(os.environ.get("BADMX", "build/release/badmx"))
GATEWAYS = pathlib.Path(__file__).resolve().parent.parent.parent / "gateways"
FINE, WRONG, UNJUDGED, USAGE = 0, 1, 2, 64
# None of the dozen is silent, so a long wait costs nothing, and a busy machine isn't a finding.
os.environ["BADMX_PATIENCE"] = "20"

# One of each kind of fault.
DOZEN = ("healthy", "expired-leaf", "wrong-host", "untrusted-root", "intermediate-not-sent",
         "self-signed-leaf", "cross-signed", "wildcard", "no-starttls", "starttls-refused-454",
         "starttls-then-close", "tls12-only")

FEW = DOZEN[:8]

# A sender in a few lines: what it does is the body of deliver().
MADE_UP = '''#!/usr/bin/env python3
import os, pathlib, smtplib, ssl, sys, time
sys.dont_write_bytecode = True
sys.path.insert(0, {gateways!r})
from adapter import *
def deliver(request, endpoint):
{body}
sys.exit(Adapter(lambda: "1.0", [Mode("default", "{policy}", "made up")], one_shot(deliver),
                 {missing!r}).main())
'''
HONEST = '''
    context = ssl.create_default_context(cafile=endpoint.trust)
    class At(smtplib.SMTP):
        def _get_socket(self, name, _port, timeout):
            return super()._get_socket(endpoint.host, endpoint.port, timeout)
    try:
        with At(endpoint.name, local_hostname="a.test", timeout=5) as smtp:
            smtp.starttls(context=context)
            smtp.sendmail(request.sender, endpoint.recipient, "Subject: x\\r\\n\\r\\nx\\r\\n")
    except (OSError, smtplib.SMTPException) as error:
        return DEFERRED, [repr(error)]
    return DELIVERED, []
'''
TRUSTING = HONEST.replace("context = ssl.create_default_context(cafile=endpoint.trust)",
                          "context = ssl._create_stdlib_context()")


def free_port():
    """A port that was free just now: one that is said beforehand can't be 0."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


# Its answers arrive in pieces, each later than anybody waits for one.
SLOW_WRITER = '''
    class Slowly:
        def write(self, text):
            for piece in filter(None, (text[:9], text[9:])):
                os.write(1, piece.encode())
                time.sleep(0.6)
        def flush(self):
            pass
    sys.stdout = Slowly()
'''


class GatewayTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="badmx-gateway-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def make(self, body, policy="verify", missing="", name="made-up"):
        place = self.folder / "gateways" / name
        place.mkdir(parents=True, exist_ok=True)
        (place / "adapter").write_text(MADE_UP.format(gateways=str(GATEWAYS), body=body,
                                                      policy=policy, missing=missing))
        (place / "adapter").chmod(0o755)

    def gateway(self, *words, seconds=100):
        return lab.run([BADMX, "gateway", *words], seconds=seconds, folder=self.folder)

    def made_up(self, *words, seconds=100):
        return self.gateway("made-up", "--gateways", "gateways", *words, seconds=seconds)

    def wait_until(self, what):
        until = time.monotonic() + 20
        while not what():
            self.assertLess(time.monotonic(), until)
            time.sleep(0.05)

    def cells(self, said, mode=0):
        return {each["scenario"]: each
                for each in json.loads(said.out)["adapters"][0]["modes"][mode]["cells"]}


class Trial(GatewayTest):
    def test_of_a_sender_that_does_what_its_policy_demands_passes(self):
        self.make(HONEST)
        said = self.made_up(*DOZEN, "--json")
        self.assertEqual(said.code, FINE, said.out[-2000:])
        cells = self.cells(said)
        self.assertEqual(cells["healthy"]["outcome"], "delivered")
        self.assertEqual(cells["expired-leaf"]["outcome"], "refused")
        self.assertEqual({each["mark"] for each in cells.values()}, {"as-demanded"})

    def test_of_a_sender_that_verifies_nothing_shows_each_bad_certificate(self):
        self.make(TRUSTING)
        said = self.made_up(*DOZEN, "--json")
        self.assertEqual(said.code, WRONG)
        wrong = {name for name, each in self.cells(said).items() if each["mark"] == "laxer"}
        self.assertEqual(wrong, {"expired-leaf", "wrong-host", "untrusted-root",
                                 "intermediate-not-sent", "self-signed-leaf"})

    def test_in_turn_at_one_place_gets_the_same_cells(self):
        self.make(HONEST)
        place = ["--listen", "127.0.0.1", "--port", str(free_port()), "--in-turn"]
        said = self.made_up(*FEW, "--json", *place)
        self.assertEqual(said.code, FINE, said.out[-2000:])
        together = self.cells(self.made_up(*FEW, "--json"))
        self.assertEqual({name: (cell["outcome"], cell["mark"]) for name, cell in self.cells(said).items()},
                         {name: (cell["outcome"], cell["mark"]) for name, cell in together.items()})

    def test_of_several_that_were_named_has_the_cells_of_each(self):
        self.make(HONEST)
        self.make(TRUSTING, policy="encrypt", name="other")
        said = self.gateway("made-up,other", *FEW, "--gateways", "gateways", "--json")
        self.assertEqual(said.code, FINE, said.out[-2000:])
        outcomes = {adapter["name"]: {cell["scenario"]: cell["outcome"] for cell in adapter["modes"][0]["cells"]}
                    for adapter in json.loads(said.out)["adapters"]}
        self.assertEqual(list(outcomes), ["made-up", "other"])
        self.assertEqual(outcomes["made-up"]["expired-leaf"], "refused")
        self.assertEqual(outcomes["other"]["expired-leaf"], "delivered")
        said = self.gateway("made-up,othr", "--gateways", "gateways")
        self.assertEqual(said.code, USAGE)
        self.assertIn('"othr"', said.err)

    def test_in_turn_wants_one_place(self):
        self.make(HONEST)
        said = self.made_up("healthy", "--in-turn")
        self.assertEqual(said.code, USAGE)
        self.assertIn("one address and one port are wanted", said.err)

    def test_judges_by_the_policy_that_is_demanded(self):
        self.make(TRUSTING, policy="encrypt")
        self.assertEqual(self.made_up("expired-leaf").code, FINE)
        self.assertEqual(self.made_up("expired-leaf", "--mode", "default", "--policy", "verify").code,
                         WRONG)

    def test_says_that_no_mode_promises_what_is_demanded(self):
        self.make(HONEST)
        said = self.made_up("healthy", "--policy", "encrypt")
        self.assertEqual(said.code, USAGE)
        self.assertIn("no mode of made-up promises encrypt", said.err)

    def test_of_a_sender_that_promises_nothing_judges_by_what_is_demanded(self):
        self.make(TRUSTING, policy="any")
        self.assertEqual(self.made_up("expired-leaf", "--policy", "encrypt").code, FINE)
        self.assertEqual(self.made_up("expired-leaf").code, WRONG)

    def test_without_a_connection_is_never_a_pass(self):
        self.make("    return DEFERRED, ['no route']\n")
        said = self.made_up("expired-leaf", "--json")
        self.assertEqual(said.code, UNJUDGED)
        self.assertEqual(self.cells(said)["expired-leaf"]["outcome"], "unreached")

    def test_names_a_sender_whose_word_is_another_than_the_wires(self):
        self.make(HONEST.replace("return DEFERRED", "return DELIVERED"))
        said = self.made_up("healthy", "expired-leaf", "--json")
        self.assertEqual(said.code, WRONG)
        self.assertEqual(self.cells(said)["expired-leaf"]["mark"], "disagrees")

    def test_of_a_sender_that_hangs_ends_and_says_so(self):
        self.make("    time.sleep(60)\n")
        begin = time.monotonic()
        said = self.made_up("healthy", "--deadline", "1", "--json")
        self.assertLess(time.monotonic() - begin, 40)
        self.assertEqual(said.code, UNJUDGED)
        mode = json.loads(said.out)["adapters"][0]["modes"][0]
        self.assertIn("deadline", mode["failure"])

    def test_of_a_sender_that_dies_says_what_it_lacks(self):
        self.make("    os._exit(3)\n")
        said = self.made_up("healthy", "--json")
        self.assertIn("ended early", json.loads(said.out)["adapters"][0]["modes"][0]["failure"])

    def test_of_a_sender_that_answers_in_pieces_loses_none(self):
        self.make(SLOW_WRITER + HONEST)
        said = self.made_up("healthy", "--json")
        self.assertEqual(said.code, FINE, said.out[-2000:])
        self.assertEqual(json.loads(said.out)["adapters"][0]["modes"][0]["failure"], "")
        self.assertEqual(self.cells(said)["healthy"]["sender_says"], "delivered")

    def test_that_is_killed_leaves_nothing_running(self):
        self.make("    pathlib.Path('pid').write_text(str(os.getpid()))\n    time.sleep(60)\n")
        running = subprocess.Popen([BADMX, "gateway", "made-up", "healthy", "--gateways", "gateways"],
                                   cwd=self.folder, stdout=subprocess.DEVNULL)
        pid = self.folder / "pid"
        self.wait_until(lambda: pid.exists() and pid.read_text())
        running.send_signal(signal.SIGKILL)
        running.wait(10)
        adapter = int(pid.read_text())
        self.wait_until(lambda: not pathlib.Path(f"/proc/{adapter}").exists())

    def test_that_is_interrupted_leaves_nothing_behind(self):
        self.make("    pathlib.Path('started').touch()\n    time.sleep(60)\n")
        scratch = self.folder / "scratch"
        scratch.mkdir()
        running = subprocess.Popen([BADMX, "gateway", "made-up", "healthy", "--gateways", "gateways"],
                                   cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                   env=lab.clean_environment(TMPDIR=str(scratch)))
        self.wait_until(lambda: (self.folder / "started").exists())
        running.send_signal(signal.SIGTERM)
        _, said = running.communicate(timeout=30)
        self.assertEqual((running.returncode, said), (70, b"badmx: gateway: interrupted\n"))
        self.assertEqual(list(scratch.iterdir()), [])

    def test_skips_what_can_not_run_here_unless_it_is_required(self):
        self.make(HONEST, missing="made-up isn't installed")
        said = self.made_up("healthy")
        self.assertEqual(said.code, UNJUDGED)
        self.assertIn("made-up isn't installed", said.out)
        self.assertEqual(self.made_up("healthy", "--require").code, WRONG)

    def test_compared_with_a_baseline_shows_only_what_changed(self):
        self.make(HONEST)
        self.made_up(*DOZEN, "--save", "before.json")
        said = self.made_up(*DOZEN, "--baseline", "before.json")
        self.assertEqual((said.code, said.out), (FINE, "nothing has changed\n"))
        self.make(TRUSTING)
        said = self.made_up(*DOZEN, "--baseline", "before.json")
        self.assertEqual(said.code, WRONG)
        self.assertIn("made-up/default/expired-leaf: refused before, delivered now", said.out)
        self.assertEqual(len(said.out.splitlines()), 5)

    def test_as_junit_and_as_a_page_holds_every_cell(self):
        self.make(HONEST.replace("repr(error)", "'<script>' + repr(error)"))
        self.made_up("healthy", "expired-leaf", "--junit=out.xml", "--html", "out.html")
        self.assertIn("expired-leaf", (self.folder / "out.xml").read_text())
        page = (self.folder / "out.html").read_text()
        self.assertIn("&lt;script&gt;", page)
        self.assertEqual(page.count("<script>"), 1)
        self.assertNotIn("http://", page)
        self.assertNotIn("https://", page)

    def test_fits_80_columns(self):
        self.make(HONEST)
        for line in self.made_up(*DOZEN).out.splitlines():
            self.assertLessEqual(len(line), 80, line)

    def test_names_an_adapter_a_mode_or_a_policy_that_there_is_not(self):
        self.make(HONEST)
        for words, nearest in ((["made-upp"], "made-up"), (["made-up", "--mode", "defualt"], "default"),
                               (["made-up", "--policy", "verfy"], "verify")):
            said = self.gateway(*words, "--gateways", "gateways")
            self.assertEqual(said.code, USAGE)
            self.assertIn(nearest, said.err)


class BlackBox(GatewayTest):
    """A Postfix that is set up by hand from `badmx routes`, and tried as a black box."""

    def setUp(self):
        super().setUp()
        if os.geteuid() != 0:
            self.skipTest("Postfix runs as root only")

    def place(self, port):
        return ["--lab", "lab", "--listen", "127.7.0.0/24", "--port", str(port)]

    def routes(self, port):
        routes = lab.run([BADMX, "routes", *FEW, *self.place(port)], folder=self.folder)
        self.assertEqual(routes.code, FINE, routes.err)
        self.assertIn(f"expired-leaf.badmx.test smtp:[127.7.0.2]:{port}", routes.out.splitlines())
        return routes.out.splitlines()

    def by_adapter(self):
        said = self.gateway("postfix", *FEW, "--mode", "encrypt", "--json", "--lab", "lab", seconds=200)
        adapter = json.loads(said.out)["adapters"][0]
        if adapter["missing"]:
            self.skipTest(adapter["missing"])
        return {name: cell["outcome"] for name, cell in self.cells(said).items()}

    def by_black_box(self, port, box, *words):
        return lab.run([*box.inside, BADMX, "gateway", "external", *FEW, *self.place(port), "--submit",
                        f"127.0.0.1:{box.port}", "--policy", "encrypt", "--json",
                        *words], seconds=200, folder=self.folder)

    def test_gets_the_same_cells_as_through_its_adapter_and_an_unreached_without_a_route(self):
        lines = self.routes(12525)
        expected = self.by_adapter()
        with BlackBoxPostfix(self.folder, lines) as box:
            said = self.by_black_box(12525, box)
            self.assertEqual({name: cell["outcome"] for name, cell in self.cells(said).items()},
                             expected)
        # The last line is that of the bounces.
        with BlackBoxPostfix(self.folder, [*lines[:-2], lines[-1]]) as box:
            said = self.by_black_box(12525, box, "--deadline", "15")
            self.assertEqual(said.code, WRONG)
            without = lines[-2].split(".")[0]
            self.assertEqual(self.cells(said)[without]["outcome"], "unreached")

    def test_is_watched_on_a_terminal(self):
        port = free_port()
        terminal, seen = os.openpty()
        box = subprocess.Popen([BADMX, "gateway", "external", "healthy", "--listen", "127.0.0.1", "--port",
                                str(port), "--policy", "encrypt", "--deadline", "30"],
                               stdout=subprocess.DEVNULL, stderr=seen, cwd=self.folder)
        os.close(seen)
        self.wait_until(lambda: self.delivers_to(port))
        self.assertEqual(box.wait(60), FINE)
        shown = b""
        while True:
            try:
                shown += os.read(terminal, 65536)
            except OSError:  # its other end is closed
                break
        os.close(terminal)
        self.assertRegex(shown.decode(), r"healthy +delivered under TLS\r\n")
        self.assertIn("1 of 1 reached: 1 under TLS, 0 in cleartext, 0 without delivery;", shown.decode())

    def test_in_turn_is_met_by_each_scenario_at_the_one_place(self):
        port = free_port()
        box = subprocess.Popen([BADMX, "gateway", "external", "healthy", "tls12-only", "--listen", "127.0.0.1",
                                "--port", str(port), "--in-turn", "--policy", "encrypt", "--json"],
                               stdout=subprocess.PIPE, text=True, cwd=self.folder)
        for _turn in range(2):
            self.wait_until(lambda: self.delivers_to(port))
            time.sleep(4)  # two seconds of quiet end a turn
        said, _ = box.communicate(timeout=100)
        cells = json.loads(said)["adapters"][0]["modes"][0]["cells"]
        self.assertEqual({cell["scenario"]: cell["outcome"] for cell in cells},
                         {"healthy": "delivered", "tls12-only": "delivered"})

    def test_in_turn_gets_the_cells_of_its_adapter_from_a_mail_server(self):
        expected = self.by_adapter()
        scenarios = ["healthy", "expired-leaf", "no-starttls", "starttls-refused-502"]
        place = ["--lab", "lab", "--listen", "127.7.0.1", "--port", "12525", "--in-turn"]
        routes = lab.run([BADMX, "routes", *scenarios, *place], folder=self.folder)
        self.assertEqual(routes.code, FINE, routes.err)
        with BlackBoxPostfix(self.folder, routes.out.splitlines()) as box:
            said = self.gateway("external", *scenarios, *place, "--submit", f"127.0.0.1:{box.port}",
                                "--policy", "encrypt", "--deadline", "20", "--json", seconds=200)
        self.assertEqual(said.code, FINE, said.out[-2000:])
        outcomes = {name: cell["outcome"] for name, cell in self.cells(said).items()}
        self.assertEqual(outcomes, {name: expected.get(name, "refused") for name in scenarios})

    @staticmethod
    def delivers_to(port):
        try:
            with smtplib.SMTP("127.0.0.1", port, "client.badmx.test", timeout=5) as smtp:
                smtp.starttls(context=ssl._create_unverified_context())
                smtp.sendmail("a@badmx.test", "check@healthy.badmx.test", "Subject: x\r\n\r\nx\r\n")
        except OSError:
            return False
        return True

    def test_says_what_it_thinks_by_its_bounce(self):
        self.by_adapter()  # skips where there is no Postfix
        scenarios = ["healthy", "starttls-refused-502"]
        place = self.place(12525)
        routes = lab.run([BADMX, "routes", *scenarios, *place], folder=self.folder).out.splitlines()
        self.assertIn("return.badmx.test smtp:[127.7.0.3]:12525", routes)
        with BlackBoxPostfix(self.folder, routes) as box:
            said = self.gateway("external", *scenarios, *place, "--submit", f"127.0.0.1:{box.port}",
                                "--policy", "encrypt", "--json", seconds=200)
        cells = self.cells(said)
        self.assertEqual(cells["starttls-refused-502"]["sender_says"], "bounced", said.out[-3000:])
        self.assertIn("Status: 5.", " ".join(cells["starttls-refused-502"]["log"]))
        self.assertEqual(cells["healthy"]["sender_says"], "nothing")

    def test_gets_the_same_cells_on_port_25_of_a_network_of_its_own(self):
        if shutil.which("nsenter") is None or shutil.which("ip") is None:
            self.skipTest("nsenter and ip aren't installed")
        expected = self.by_adapter()
        with BlackBoxPostfix(self.folder, self.routes(25), own_network=True) as box:
            said = self.by_black_box(25, box)
        self.assertEqual({name: cell["outcome"] for name, cell in self.cells(said).items()}, expected)


class BlackBoxPostfix:
    """The adapter's Postfix, with an smtpd of its own on a port below those handed out. `inside` is
    what a command begins with that is to run in its network."""

    def __init__(self, folder, routes, own_network=False):
        self._folder, self._routes, self._own_network = folder, routes, own_network
        self.port, self.inside = 11025 + os.getpid() % 1000, []

    def __enter__(self):
        sys.path.insert(0, str(GATEWAYS))
        self._scratch = tempfile.TemporaryDirectory(prefix="badmx-black-box-")
        transport = pathlib.Path(self._scratch.name, "transport")
        transport.write_text("\n".join(self._routes) + "\n")
        settings = pathlib.Path(self._scratch.name, "settings.cf")
        settings.write_text(f"transport_maps = texthash:{transport}\n"
                            "relay_domains = badmx.test\nmynetworks = 127.0.0.0/8\n"
                            "smtpd_peername_lookup = no\nlocal_recipient_maps =\n"
                            "default_transport = error:no route\n")
        os.chmod(self._scratch.name, 0o755)
        request = {"mode": "encrypt", "policy": "encrypt", "trust": str(self._folder / "lab/root.pem"),
                   "scratch": f"{self._scratch.name}/run", "sender": "a@return.badmx.test",
                   "settings": str(settings), "submit": None, "deadline": 300,
                   "endpoints": [], "listen": self.port, "own_network": self._own_network}
        os.mkdir(request["scratch"])
        self._process = subprocess.Popen([GATEWAYS / "postfix/adapter", "serve"],
                                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        if self._process.stdout.readline().strip() != "ready":
            raise RuntimeError("the black box didn't start")
        if self._own_network:
            self.inside = ["nsenter", "--target", str(self._process.pid), "--net"]
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()
        self._scratch.cleanup()


class SenderTest(GatewayTest):
    """Real ones, over one scenario of each kind. What isn't installed is skipped, loudly."""

    def trial(self, name, *words, scenarios=DOZEN):
        said = self.gateway(name, *scenarios, *words, "--json", seconds=200)
        adapter = json.loads(said.out)["adapters"][0]
        if adapter["missing"]:
            self.skipTest(adapter["missing"])
        for mode in adapter["modes"]:
            self.assertEqual(mode["failure"], "", mode["name"])
        skipped = {cell["reason"] for mode in adapter["modes"] for cell in mode["cells"]
                   if cell["mark"] == "skipped"}
        if all(cell["mark"] == "skipped" for mode in adapter["modes"] for cell in mode["cells"]):
            self.skipTest("; ".join(skipped))
        return {mode["name"]: {cell["scenario"]: cell for cell in mode["cells"]}
                for mode in adapter["modes"]}

    def assert_as_demanded(self, modes, but=()):
        wrong = {(mode, name): cell for mode, cells in modes.items() for name, cell in cells.items()
                 if cell["mark"] not in ("as-demanded", "stricter")}
        logs = {where: cell["log"][:2] for where, cell in wrong.items()}
        self.assertEqual(set(wrong), set(but), logs)


class Client(SenderTest):
    def test_smtplib(self):
        self.assert_as_demanded(self.trial("smtplib"))

    def test_curl(self):
        self.assert_as_demanded(self.trial("curl"))

    def test_is_not_blamed_for_a_message_that_the_server_turns_away(self):
        modes = self.trial("curl", scenarios=("healthy", "mail-530-without-client-certificate",
                                              "data-connection-reset"))
        self.assert_as_demanded(modes)
        cell = modes["reqd"]["data-connection-reset"]
        self.assertEqual((cell["outcome"], cell["message"]), ("refused", "lost: data"))

    def test_swaks(self):
        self.assert_as_demanded(self.trial("swaks"))

    def test_msmtp(self):
        self.assert_as_demanded(self.trial("msmtp"))

    def test_openssl(self):
        self.assert_as_demanded(self.trial("openssl"))

    def test_gnutls(self):
        self.assert_as_demanded(self.trial("gnutls"))

    def test_posttls_finger_delivers_nothing_and_is_judged_by_its_word(self):
        modes = self.trial("posttls-finger")
        self.assert_as_demanded(modes)
        self.assertEqual(modes["secure"]["healthy"]["outcome"], "would-deliver")
        self.assertEqual(modes["secure"]["expired-leaf"]["outcome"], "refused")

    def test_snail(self):
        self.assert_as_demanded(self.trial("snail"))

    def test_nullmailer(self):
        self.assert_as_demanded(self.trial("nullmailer"))

    def test_jakarta_verifies_where_starttls_is_offered(self):
        modes = self.trial("jakarta", scenarios=("healthy", "expired-leaf", "no-starttls", "wrong-host"))
        self.assert_as_demanded(modes, but={("default", "expired-leaf")})
        self.assertEqual(modes["default"]["no-starttls"]["in_clear"], "not-offered")


class MailServer(SenderTest):
    def test_opensmtpd(self):
        self.assert_as_demanded(self.trial("opensmtpd", "--deadline", "150"))

    def test_sendmail_asks_no_certificate_for_its_name_but_the_common_one(self):
        modes = self.trial("sendmail", scenarios=[*DOZEN, "wildcard"])
        self.assert_as_demanded(modes, but={("VERIFY+CN", "wildcard")})

    def test_haraka_in_its_verifying_mode_goes_out_in_clear_where_starttls_is_not_offered(self):
        modes = self.trial("haraka")
        self.assert_as_demanded(modes, but={("rejectUnauthorized", "no-starttls")})

    def test_postfix_and_a_planted_regression(self):
        modes = self.trial("postfix", "--save", "before.json")
        self.assert_as_demanded(modes)
        self.assertEqual(modes["may-retry"]["starttls-then-close"]["in_clear"], "after-failure")
        # Somebody changes the policy from verify to may.
        settings = self.folder / "mine.cf"
        settings.write_text("smtp_tls_policy_maps =\nsmtp_tls_security_level = may\n")
        said = self.gateway("postfix", *DOZEN, "--mode", "verify", "--settings", "mine.cf",
                            "--baseline", "before.json", seconds=200)
        self.assertEqual(said.code, WRONG)
        self.assertIn("postfix/verify/expired-leaf: refused before, delivered now", said.out)
        self.assertIn("postfix/verify/no-starttls: refused before, delivered-in-clear now", said.out)

    def test_exim_goes_out_in_clear_where_it_verifies_without_requiring_tls(self):
        modes = self.trial("exim")
        only = modes.pop("verify-only")
        self.assert_as_demanded(modes)
        self.assertEqual(only["expired-leaf"]["in_clear"], "after-failure")
        self.assertEqual(only["expired-leaf"]["mark"], "laxer")


if __name__ == "__main__":
    unittest.main()
