#!/usr/bin/env python3
"""The command as a user meets it: help, exit codes, one clear line for what is wrong.

  BADMX=build/release/badmx command_test.py [Class.test]"""

import contextlib
import datetime
import json
import os
import pathlib
import shutil
import signal
import socket
import sys
import tempfile
import threading
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import lab  # noqa: E402

BADMX = os.path.abspath(os.environ.get("BADMX", "build/release/badmx"))
COMMANDS = ("verify", "demo", "list", "explain", "check", "serve", "certgen", "gateway", "routes",
            "limbo", "help", "version")

FINE, FINDINGS, UNOBSERVED, USAGE, FAILURE = 0, 1, 2, 64, 70


@contextlib.contextmanager
def scripted_server(answers):
    """A server that greets with the first answer and gives the others to one line each."""

    def serve():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as lines, contextlib.suppress(OSError):
                connection.settimeout(10)
                connection.sendall(answers[0])
                for answer in answers[1:]:
                    if not lines.readline():
                        break
                    connection.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


class CommandTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="badmx-cli-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def badmx(self, *words, given="", seconds=30):
        return lab.run([BADMX, *words], given, seconds, folder=self.folder)

    def write(self, name, text):
        (self.folder / name).write_text(text, encoding="utf-8")
        return name

    def assert_one_line(self, result, code, *parts):
        """Nothing on standard output, one line on standard error, with these parts in it."""
        self.assertEqual(result.code, code, result.text)
        self.assertEqual(result.out, "")
        self.assertEqual(result.err.count("\n"), 1, result.err)
        for part in parts:
            self.assertIn(part, result.err)


class Help(CommandTest):
    def test_of_a_misspelt_command_names_the_nearest(self):
        self.assert_one_line(self.badmx("chek", "mx.example.com"), USAGE, '"chek"', '"check"')

    def test_of_each_command_fits_80_columns_and_has_examples(self):
        for command in COMMANDS:
            with self.subTest(command):
                said = self.badmx(command, "--help")
                self.assertEqual(said.code, FINE)
                self.assertIn(f"  badmx {command}", said.out.partition("Examples:")[2])
                for line in said.out.splitlines():
                    self.assertLessEqual(len(line), 80, line)

    def test_of_the_program_names_each_command(self):
        said = self.badmx("--help")
        self.assertEqual(said.code, FINE)
        for command in COMMANDS:
            self.assertRegex(said.out, rf"(?m)^  {command} ")

    def test_a_command_line_that_is_none_is_a_usage_error(self):
        for words in (["check"], ["check", "x", "--no-such-option"], ["no-such-command"],
                      ["certgen", "healthy"], ["serve", "healthy", "--port", "99999"],
                      ["check", "x", "--keep-names"], ["limbo", "x"], ["help", "check", "x"],
                      ["version", "x"], ["--no-such-option"]):
            with self.subTest(words):
                self.assert_one_line(self.badmx(*words), USAGE)

    def test_is_what_the_command_alone_prints(self):
        self.assertEqual(self.badmx().text, self.badmx("--help").out)
        self.assertEqual(self.badmx().code, FINE)

    def test_as_a_command_is_that_of_the_option(self):
        for about in ([], *([command] for command in COMMANDS)):
            with self.subTest(about):
                said = self.badmx("help", *about)
                self.assertEqual(said.code, FINE, said.err)
                self.assertEqual(said.text, self.badmx(*about, "--help").out)

    def test_about_a_command_that_there_is_not_names_the_nearest(self):
        self.assert_one_line(self.badmx("help", "chek"), USAGE, '"chek"', 'did you mean "check"?')
        self.assert_one_line(self.badmx("help", "nonsense"), USAGE, '"nonsense"', "check, serve")

    def test_tells_the_version_as_a_command_and_as_an_option(self):
        said = self.badmx("version")
        self.assertEqual(said.code, FINE)
        self.assertRegex(said.out, r"\Abadmx \d+\.\d+\.\d+\n\Z")
        self.assertEqual(self.badmx("--version").out, said.out)


class Slips(CommandTest):
    def test_of_spelling_are_answered_with_the_nearest_word(self):
        for words, meant in ((["demo", "expired-leef"], "expired-leaf"),
                             (["demo", "expired-leaf+wrong-hosst"], "wrong-host"),
                             (["list", "findngs"], "findings"),
                             (["check", "localhost", "--policy", "verfy"], "verify"),
                             (["check", "localhost", "--fail-on", "warnings"], "warning")):
            with self.subTest(words):
                self.assert_one_line(self.badmx(*words), USAGE, f'did you mean "{meant}"?')

    def test_in_an_option_are_answered_with_the_nearest(self):
        for words, meant in ((["check", "x", "--verbos"], "--verbose"),
                             (["check", "x", "--juint=result.xml"], "--junit"),
                             (["check", "x", "--jsn"], "--json"),
                             (["demo", "--colr", "always", "healthy"], "--color"),
                             (["certgen", "healthy", "--outputt", "files"], "--output"),
                             (["list", "--jso=tables.json"], "--json"),
                             (["--versoin"], "--version")):
            with self.subTest(words):
                self.assert_one_line(self.badmx(*words), USAGE, f'did you mean "{meant}"?')

    def test_in_an_option_are_named_as_they_were_typed(self):
        self.assert_one_line(self.badmx("certgen", "x", "-o", "y", "--json=z"), USAGE, '"--json"')

    def test_in_an_option_of_one_letter_get_no_guess(self):
        said = self.badmx("check", "x", "-q")
        self.assert_one_line(said, USAGE, '"-q"', "badmx check --help")
        self.assertNotIn("did you mean", said.err)

    def test_that_leave_a_value_out_are_named_with_the_option(self):
        self.assert_one_line(self.badmx("serve", "healthy", "--port"), USAGE,
                             "--port: its value is missing")
        self.assert_one_line(self.badmx("check", "x", "--json="), USAGE, "--json=: a file's name")

    def test_in_a_word_of_a_closed_list_are_answered_with_the_nearest(self):
        for words, meant in ((["check", "x", "--color", "alwys"], "always"),
                             (["check", "x", "--as", "transcipt"], "transcript"),
                             (["check", "x", "--purpose", "sever"], "server"),
                             (["check", "x", "--profile", "rfc5208"], "rfc5280"),
                             (["check", "x", "--view", "s_clent"], "s_client"),
                             (["check", "x", "--server-software", "Postfx"], "Postfix"),
                             (["check", "x", "--probe", "whithout-sni"], "without-sni"),
                             (["routes", "--format", "dnsmask"], "dnsmasq"),
                             (["gateway", "smtplb"], "smtplib"),
                             (["gateway", "smtplib", "--mode", "defalt"], "default"),
                             (["gateway", "smtplib", "--policy", "encrpyt"], "encrypt"),
                             (["gateway", "smtplib", "expired-leef"], "expired-leaf"),
                             (["explain", "expired-leef"], "expired-leaf")):
            with self.subTest(words):
                self.assert_one_line(self.badmx(*words), USAGE, f'did you mean "{meant}"?')
        self.assert_one_line(self.badmx("check", "x", "--color", "blue"), USAGE,
                             "auto, always, never")

    def test_of_values_are_named_with_what_is_allowed(self):
        for words, part in ((["verify", "healthy", "--seed", "xyz"], "64 hexadecimal digits"),
                            (["demo", "healthy", "--at", "yesterday"], "2026-11-24T23:26:28Z"),
                            (["serve", "healthy", "--for", "1x"], "10m"),
                            (["serve"], "--all")):
            with self.subTest(words):
                self.assert_one_line(self.badmx(*words), USAGE, part)


class ScenarioFiles(CommandTest):
    EXPECT = '[expect]\nfindings = []\n'

    def refused(self, text, *parts):
        name = self.write("mine.toml", 'summary = "One."\n' + text)
        for command in (["demo"], ["verify"], ["serve"]):
            self.assert_one_line(self.badmx(*command, name), USAGE, *parts)

    def test_with_a_misspelt_key_are_refused_at_its_place(self):
        self.refused('[certificate.leaf]\nvald = ["-1d", "1d"]\n' + self.EXPECT,
                     "mine.toml:3:1:", 'did you mean "valid"?')

    def test_with_an_issuer_that_nobody_made_are_refused(self):
        self.refused('pki = ["leaf < nobody"]\n' + self.EXPECT, "mine.toml:2:8:", '"nobody"')

    def test_with_issuers_in_a_circle_are_refused(self):
        self.refused('pki = ["leaf < a", "a < b", "b < a"]\n' + self.EXPECT, "mine.toml:2:8:",
                     "circle")

    def test_with_a_time_that_cannot_be_are_refused(self):
        self.refused('[certificate.leaf]\nvalid = ["-1x", "30d"]\n' + self.EXPECT,
                     "mine.toml:3:10:", '"-1x"')

    def test_without_an_expectation_are_refused(self):
        self.refused("", "mine.toml", "expect")

    def test_that_are_not_there_are_named(self):
        self.assert_one_line(self.badmx("demo", "./none.toml"), USAGE, "./none.toml")

    def test_with_a_signature_that_cannot_be_are_refused_at_the_wrong_key(self):
        self.refused('[certificate.intermediate]\npadding = "rsa-pss"\n' + self.EXPECT,
                     "mine.toml:3:11: certificate.intermediate.padding: found rsa-pss",
                     'the ec-p256 key of "root" can\'t sign; allowed is by-key')

    def test_with_another_word_for_a_key_are_answered_with_the_key(self):
        for word, key in (("eku", "extended_key_usage"), ("sans", "names"), ("not_after", "valid")):
            with self.subTest(word):
                self.refused(f'[certificate.leaf]\n{word} = ["x"]\n' + self.EXPECT,
                             "mine.toml:3:1:", f'did you mean "{key}"?', "Allowed: subject, issuer")

    def test_with_an_argument_that_no_action_takes_are_refused(self):
        self.refused('[server.on.handshake]\nthen = "alert:soon"\n' + self.EXPECT,
                     'mine.toml:3:8: server.on.handshake.then: found "alert:soon"', "0 to 255")

    def test_with_a_group_that_nobody_knows_are_refused(self):
        self.refused('[server.tls]\ngroups = ["P-265"]\n' + self.EXPECT, "mine.toml:3:11:",
                     'no group "P-265"; did you mean "P-256"?')

    def test_that_change_the_root_unawares_are_told_so(self):
        name = self.write("mine.toml", 'summary = "One."\n[certificate.root]\n'
                                       'key = "ec-p384"\n' + self.EXPECT)
        said = self.badmx("verify", name)
        self.assertEqual(said.code, FINDINGS)
        words = " ".join(said.out.split())
        self.assertIn('"root" isn\'t the lab\'s own any more, since [certificate.root] says key '
                      "(mine.toml:3)", words)
        self.assertIn('say trusted = ["root"] in [check]', words)

    def test_with_another_outcome_than_expected_fail_verify(self):
        name = self.write("mine.toml", 'summary = "One."\n[certificate.leaf]\n'
                                       'valid = ["-120d", "-30d"]\n' + self.EXPECT)
        said = self.badmx("verify", name)
        self.assertEqual(said.code, FINDINGS)
        self.assertIn("certificate-expired", said.out)


class Certgen(CommandTest):
    def test_writes_files_that_openssl_verifies_with_secret_keys(self):
        self.assertEqual(self.badmx("certgen", "healthy", "-o", "files").code, FINE)
        files = self.folder / "files"
        self.assertEqual((files / "chain.key").stat().st_mode & 0o777, 0o600)
        said = lab.run(["openssl", "verify", "-x509_strict", "-CAfile", files / "trust.pem",
                        "-untrusted", files / "chain.pem", files / "chain.pem"])
        self.assertEqual(said.code, 0, said.text)

    def test_with_one_seed_and_moment_writes_the_same_bytes_twice(self):
        once = ("certgen", "--all", "--seed", "5a" * 32, "--at", "2026-11-24T12:00:00Z", "-o")
        for folder in ("one", "two"):
            self.assertEqual(self.badmx(*once, folder, seconds=120).code, FINE)
        files = sorted(path.relative_to(self.folder / "one")
                       for path in (self.folder / "one").rglob("*") if path.is_file())
        self.assertEqual(files, sorted(path.relative_to(self.folder / "two")
                                       for path in (self.folder / "two").rglob("*")
                                       if path.is_file()))
        self.assertGreater(sum(file.name == "identity.p12" for file in files), 50)
        for file in files:
            self.assertEqual((self.folder / "one" / file).read_bytes(),
                             (self.folder / "two" / file).read_bytes(), file)

    def test_leaves_a_folder_that_exists_as_it_is(self):
        (self.folder / "files").mkdir()
        said = self.badmx("certgen", "healthy", "-o", "files")
        self.assertIn(said.code, (USAGE, FAILURE))
        self.assert_one_line(said, said.code, "files", "there already")
        self.assertEqual(list((self.folder / "files").iterdir()), [])

    def test_names_a_folder_that_cannot_be_made(self):
        said = self.badmx("certgen", "healthy", "-o", "no/such/parent")
        self.assertIn(said.code, (USAGE, FAILURE))
        self.assert_one_line(said, said.code, "no/such/parent")

    def test_with_all_writes_a_manifest_of_each_expectation(self):
        self.assertEqual(self.badmx("certgen", "--all", "-o", "files").code, FINE)
        manifest = json.loads((self.folder / "files/manifest.json").read_text())
        self.assertEqual(manifest["scenarios"]["expired-leaf"]["expect"]["findings"],
                         ["certificate-expired"])
        for entry in manifest["scenarios"].values():
            for file in entry["files"]:
                self.assertTrue((self.folder / "files" / file).exists(), file)


class Needs(CommandTest):
    """Where OpenSSL may not do what a scenario needs, whoever would serve it skips it."""

    def test_that_are_not_met_are_told_in_one_line(self):
        self.write("openssl.cnf", "openssl_conf = all\n[all]\nalg_section = evp\n[evp]\n"
                                  "default_properties = provider=none\n")
        environment = lab.clean_environment(OPENSSL_CONF=str(self.folder / "openssl.cnf"))
        seed = ("--seed", "5a" * 32)
        for words in (("demo", "tls10-only"), ("serve", "tls10-only", "--listen", "127.0.0.1"),
                      ("gateway", "curl", "tls10-only")):
            with self.subTest(words):
                said = lab.run([BADMX, *words, *seed], environment=environment,
                               folder=self.folder)
                self.assertEqual(said.code, UNOBSERVED, said.text)
                self.assertIn("tls10-only is skipped: it needs tls-1.0", said.err)
                self.assertEqual(said.out, "")

    MD5 = ('summary = "Signed with MD5."\nneeds = ["md5"]\n'
           '[certificate.intermediate]\nkey = "rsa-2048"\n[certificate.leaf]\ndigest = "md5"\n'
           '[expect]\nfindings = ["signature-weak"]\nverify = "refuse"\n')

    def test_are_skipped_under_a_policy_alone_and_the_rest_is_served(self):
        module = os.environ.get("BADMX_NO_MD5")
        if not module:
            self.skipTest("no provider for OpenSSL that refuses MD5 (BADMX_NO_MD5)")
        self.write("openssl.cnf",
                   "openssl_conf = all\n[all]\nproviders = both\nalg_section = evp\n"
                   "[both]\ndefault = on\nno_md5 = ours\n[on]\nactivate = 1\n"
                   f"[ours]\nmodule = {module}\nactivate = 1\n"
                   "[evp]\ndefault_properties = ?provider=no_md5\n")
        policy = lab.clean_environment(OPENSSL_CONF=str(self.folder / "openssl.cnf"))
        name = self.write("mine.toml", self.MD5)
        words = [BADMX, "verify", "healthy", name]
        said = lab.run(words, folder=self.folder, seconds=60)
        self.assertEqual(said.code, FINE, said.text)
        self.assertRegex(said.out, r"(?m)^ok +mine +signature-weak$")
        said = lab.run(words, environment=policy, folder=self.folder, seconds=60)
        self.assertEqual(said.code, FINE, said.text)
        self.assertRegex(said.out, r"(?m)^ok +healthy ")
        self.assertRegex(said.out, r"(?m)^skip +mine +md5$")
        said = lab.run([BADMX, "serve", "healthy", name, "--listen", "127.0.0.1",
                        "--exit-with-stdin"], environment=policy, folder=self.folder)
        self.assertEqual(said.code, FINE, said.text)
        self.assertIn("mine is skipped: it needs md5", said.err)
        self.assertIn("serving 1 scenario;", said.out)


class Serve(CommandTest):
    def test_names_a_port_that_is_in_use(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            said = self.badmx("serve", "healthy", "--listen", "127.0.0.1", "--base-port", str(port))
        self.assertIn(said.code, (USAGE, FAILURE))
        self.assert_one_line(said, said.code, f"127.0.0.1:{port}", "in use")

    def test_ends_with_its_standard_input(self):
        said = self.badmx("serve", "healthy", "--listen", "127.0.0.1", "--exit-with-stdin")
        self.assertEqual(said.code, FINE)
        self.assertIn("openssl s_client", said.out)
        self.assertIn("badmx check", said.out)

    def test_ends_cleanly_when_it_is_interrupted(self):
        with lab.Lab(BADMX, ["healthy"]) as running:
            running._process.send_signal(signal.SIGINT)
            self.assertEqual(running._process.wait(10), FINE)


class Check(CommandTest):
    def test_of_a_host_that_does_not_resolve_observes_nothing(self):
        said = self.badmx("check", "no-such-host.invalid")
        self.assertEqual(said.code, UNOBSERVED)
        self.assertIn("connect-failed", said.out)

    def test_of_a_port_where_nothing_listens_observes_nothing(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        said = self.badmx("check", f"127.0.0.1:{port}")
        self.assertEqual(said.code, UNOBSERVED)
        self.assertIn("connect-failed", said.out)

    def test_of_text_that_is_nothing_says_what_is_wanted(self):
        name = self.write("pasted.txt", "The mail doesn't go out, please help!\n")
        self.assert_one_line(self.badmx("check", name), UNOBSERVED, "pasted.txt", "s_client")

    def test_of_a_transcript_without_tls_says_so(self):
        name = self.write("pasted.txt",
                          "CONNECTED(00000003)\nDidn't find STARTTLS in server response, trying "
                          "anyway...\n---\nno peer certificate available\n---\n"
                          "New, (NONE), Cipher is (NONE)\nVerify return code: 0 (ok)\n")
        said = self.badmx("check", name, "--json")
        codes = [each["code"] for each in json.loads(said.out)["findings"]]
        self.assertTrue({"no-tls-in-transcript", "starttls-not-offered"} & set(codes), codes)

    def test_names_a_trust_list_that_is_not_there(self):
        said = self.badmx("check", "localhost", "--trust", "none.pem")
        self.assert_one_line(said, USAGE, "none.pem")

    def test_exits_by_the_policy_that_is_asked_for(self):
        with lab.Lab(BADMX, ["expired-leaf"]) as running:
            server = running.servers["expired-leaf"]
            at = [f"{server.host}:{server.port}", "--name", server.name, "--trust", server.trust]
            self.assertEqual(self.badmx("check", *at).code, FINDINGS)
            self.assertEqual(self.badmx("check", *at, "--fail-on", "never").code, FINE)
            self.assertEqual(self.badmx("check", *at, "--policy", "encrypt").code, FINE)
            self.assertEqual(self.badmx("check", *at, "--policy", "verify").code, FINDINGS)

    def test_shows_what_only_other_connections_see(self):
        with lab.Lab(BADMX, ["rsa-certificate-expired"]) as running:
            server = running.servers["rsa-certificate-expired"]
            at = [f"{server.host}:{server.port}", "--name", server.name, "--trust", server.trust,
                  "--json"]
            found = {how: [each["code"] for each in
                           json.loads(self.badmx("check", *at, *how.split()).out)["findings"]]
                     for how in ("", "--single", "--probe rsa-only", "--active")}
        self.assertEqual(found, {"": [], "--single": [],
                                 "--probe rsa-only": ["certificate-inconsistent"],
                                 "--active": ["certificate-inconsistent",
                                              "key-exchange-without-forward-secrecy"]})

    def test_holds_certificates_to_a_standard_when_told_to(self):
        self.badmx("certgen", "self-signed-snakeoil", "-o", "pki")
        at = ["check", "pki/chain.pem", "--trust", "pki/leaf.pem", "--policy", "verify-ca"]
        self.assertEqual(self.badmx(*at).code, FINE)
        self.assertEqual(self.badmx(*at, "--profile", "webpki").code, FINDINGS)
        self.assert_one_line(self.badmx(*at, "--profile", "webpkj"), USAGE, "webpki")

    def test_follows_as_many_intermediates_as_the_sender(self):
        self.badmx("certgen", "two-intermediates", "-o", "pki")
        at = ["check", "pki/chain.pem", "--trust", "pki/trust.pem", "--policy", "verify-ca"]
        self.assertEqual(self.badmx(*at, "--depth", "2").code, FINE)
        self.assertEqual(self.badmx(*at, "--depth", "1").code, FINDINGS)

    def test_as_a_harness_judges_x509_limbo(self):
        self.badmx("certgen", "expired-leaf", "-o", "pki")
        pem = {name: (self.folder / "pki" / f"{name}.pem").read_text()
               for name in ("leaf", "intermediate", "root")}
        case = {"id": "x::good", "trusted_certs": [pem["root"]],
                "untrusted_intermediates": [pem["intermediate"]], "peer_certificate": pem["leaf"],
                "validation_time": None, "extended_key_usage": ["serverAuth"],
                "expected_peer_name": {"kind": "DNS", "value": "mx.expired-leaf.badmx.test"},
                "max_chain_depth": None}
        past = (datetime.datetime.now(datetime.timezone.utc)
                - datetime.timedelta(days=60)).strftime("%Y-%m-%dT%H:%M:%SZ")
        suite = {"version": 1, "testcases": [case, {**case, "id": "x::then",
                                                    "validation_time": past}]}
        said = self.badmx("limbo", given=json.dumps(suite))
        results = {each["id"]: each for each in json.loads(said.out)["results"]}
        self.assertEqual(results["x::good"]["actual_result"], "FAILURE")
        self.assertIn("certificate-expired", results["x::good"]["context"])
        self.assertEqual(results["x::then"]["actual_result"], "SUCCESS")
        self.assert_one_line(self.badmx("limbo", given="{"), USAGE, "limbo")

    def test_names_a_probe_that_there_is_not(self):
        self.assert_one_line(self.badmx("check", "localhost", "--probe", "rsa-onli"), USAGE,
                             "rsa-only")

    def test_is_told_what_the_option_is_called_now(self):
        self.assert_one_line(self.badmx("check", "localhost", "--look", "rsa-only"), USAGE,
                             '"--look"; it is called "--probe" now')

    def test_of_all_addresses_reports_each(self):
        said = self.badmx("check", "localhost:1", "--all-addresses", "--json")
        self.assertEqual(said.code, UNOBSERVED)
        self.assertIn("connect-failed", said.out)

    def test_writes_the_chain_that_the_server_should_send(self):
        with lab.Lab(BADMX, ["intermediate-not-sent"]) as running:
            server = running.servers["intermediate-not-sent"]
            self.badmx("certgen", "intermediate-not-sent", "-o", "pki")
            chain = ["check", "pki/chain.pem", "--trust", "pki/trust.pem", "--write-chain", "new.pem"]
            said = self.badmx(*chain)
            self.assert_one_line(said, FINDINGS, "new.pem", "--fetch-issuers")
            self.assertFalse((self.folder / "new.pem").exists())
            self.badmx(*chain, "--intermediates", "pki/intermediate.pem")
        new = (self.folder / "new.pem").read_text()
        self.assertEqual(new.count("BEGIN CERTIFICATE"), 2)

    def test_writes_a_copy_that_can_be_served_and_gets_the_same_diagnosis(self):
        with lab.Lab(BADMX, ["expired-leaf"]) as running:
            server = running.servers["expired-leaf"]
            copied = self.badmx("check", f"{server.host}:{server.port}", "--name", server.name,
                                "--trust", server.trust, "--reproduce", "copy")
        self.assertEqual(copied.code, FINDINGS)
        self.assertIn("a copy that gets the same diagnosis", copied.err)
        self.assertEqual((self.folder / "copy/leaf.key").stat().st_mode & 0o777, 0o600)
        proven = self.badmx("verify", "copy/scenario.toml")
        self.assertEqual(proven.code, 0, proven.out)
        again = self.badmx("check", "copy/chain.pem", "--reproduce", "copy")
        self.assertEqual((again.code, again.err.count("\n")), (USAGE, 1), again.err)
        self.assertIn("copy", again.err)

    def test_copies_only_what_was_seen(self):
        said = self.badmx("check", "localhost:1", "--reproduce", "copy")
        self.assertEqual(said.code, UNOBSERVED)
        self.assertIn("connect-failed", said.out)  # the diagnosis all the same
        self.assertEqual(said.err, "badmx: --reproduce: no server was reached that could be copied\n")
        self.assertFalse((self.folder / "copy").exists())

    def test_of_a_list_refuses_what_is_for_one(self):
        (self.folder / "hosts").write_text("127.0.0.1:1\n")
        for option in ("--save", "--write-chain", "--reproduce", "--bounce"):
            self.assert_one_line(self.badmx("check", "--input", "hosts", option, "x"), USAGE, option)
        self.assertFalse((self.folder / "x").exists())

    def test_diagnoses_each_session_of_a_paste(self):
        (self.folder / "two.txt").write_text(
            "$ openssl s_client -connect a.example.test:25 -starttls smtp\n"
            "CONNECTED(00000003)\nwrite:errno=104\n"
            "$ openssl s_client -connect b.example.test:25 -starttls smtp\n"
            "CONNECTED(00000003)\nDidn't find STARTTLS in server response, trying anyway...\n")
        said = self.badmx("check", "two.txt")
        self.assertIn("two.txt, session 1 of 2", said.out)
        self.assertIn("two.txt, session 2 of 2", said.out)

    def test_as_a_page_escapes_what_a_peer_said_and_loads_nothing(self):
        self.badmx("certgen", "expired-leaf", "-o", "pki")
        evil = "mx.<script>alert(1)</script>.test"
        said = self.badmx("check", "pki/chain.pem", "--trust", "pki/trust.pem", "--name", evil,
                          "--html")
        self.assertIn("<svg", said.out)
        self.assertIn("certificate-expired", said.out)
        self.assertNotIn("<script", said.out)
        self.assertNotIn("http", said.out)

    def test_as_a_page_shows_in_a_browser(self):
        browser = shutil.which("chromium") or shutil.which("chromium-browser")
        if browser is None:
            self.skipTest("no chromium is installed")
        self.badmx("certgen", "intermediate-not-sent", "-o", "pki")
        self.badmx("check", "pki/chain.pem", "--trust", "pki/trust.pem", "--html=page.html")
        said = lab.run([browser, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom",
                        f"--user-data-dir={self.folder}/profile",
                        f"file://{self.folder}/page.html"], seconds=60, folder=self.folder)
        self.assertIn("broken here", said.out)
        self.assertIn("neither sent nor trusted", said.out)

    def test_of_many_hosts_reports_each_and_resumes(self):
        with lab.Lab(BADMX, ["healthy", "expired-leaf", "no-starttls"]) as running:
            hosts = {f"{each.host}:{each.port}": name for name, each in running.servers.items()}
            trust = running.servers["healthy"].trust
            self.write("hosts.txt", "# all\n" + "\n".join(hosts) + "\n")
            bulk = ["check", "--input", "hosts.txt", "--trust", trust, "--no-name"]
            said = self.badmx(*bulk)
            self.assertEqual(said.code, FINDINGS)
            lines = [json.loads(line) for line in said.out.splitlines()]
            found = {hosts[each["target"]]: [one["code"] for one in each["findings"]]
                     for each in lines}
            self.assertEqual(found, {"healthy": [], "expired-leaf": ["certificate-expired"],
                                     "no-starttls": ["starttls-not-offered"]})
            shards = [self.badmx(*bulk, "--shard", f"{k}/2").out.splitlines() for k in (1, 2)]
            self.assertEqual([len(each) for each in shards], [2, 1])
            done = self.write("done.ndjson", said.out.splitlines()[0] + '\n{"target": "cut')
            self.badmx(*bulk, "--resume", done)
            again = [json.loads(line)["target"] for line in
                     (self.folder / done).read_text().splitlines() if line.endswith("}")]
            self.assertEqual(sorted(again), sorted(hosts))
            self.assertEqual(self.badmx(*bulk, "--resume", done).out, "")
        self.assert_one_line(self.badmx(*bulk, "--shard", "3/2"), USAGE, "K/N")

    def test_judges_by_each_trust_list_that_is_named(self):
        self.badmx("certgen", "private-ca-root-sent", "-o", "pki")
        self.badmx("certgen", "healthy", "-o", "other")
        root = "pki/private-ca.pem"
        said = self.badmx("check", "pki/chain.pem", "--no-name", "--trust", "public=other/trust.pem",
                          "--trust", f"partner={root}", "--json")
        stores = json.loads(said.out)["stores"]
        self.assertEqual(stores["public"]["verify-ca"]["outcome"], "refuse")
        self.assertEqual(stores["partner"]["verify-ca"]["outcome"], "deliver")
        text = self.badmx("check", "pki/chain.pem", "--name", "mx.private-ca-root-sent.badmx.test",
                          "--trust", "public=other/trust.pem", "--trust", f"partner={root}").out
        self.assertIn("verify with public: refuses", text)
        self.assertIn("verify with partner: delivers", text)

    def test_says_what_mends_it_with_the_servers_product(self):
        self.badmx("certgen", "intermediate-not-sent", "-o", "pki")
        at = ["check", "pki/chain.pem", "--trust", "pki/trust.pem", "--no-name"]
        self.assertNotIn("With ", self.badmx(*at).out)
        self.assertIn("With Postfix: smtpd_tls_chain_files",
                      self.badmx(*at, "--server-software", "postfix").out)
        self.assert_one_line(self.badmx(*at, "--server-software", "postfox"), USAGE, "Postfix")

    def test_explains_by_an_old_name_what_has_another_now(self):
        for old, new, title in (("crl-unusable", "crl-invalid", "revocation list"),
                                ("key-mismatch", "private-key-mismatch", "private key"),
                                ("two-ways-up-one-known", "two-paths-one-trusted", "intermediate"),
                                ("deliver-in-clear", "deliver-cleartext", "")):
            with self.subTest(old):
                said = self.badmx("explain", old)
                self.assertEqual(said.code, FINE, said.err)
                first, _, rest = said.out.partition("\n")
                self.assertEqual(first, f'"{old}" is called "{new}" now.')
                self.assertIn(title, rest)
                self.assertEqual(new in rest, title != "")

    def test_explains_what_is_a_name_today_before_what_was_one(self):
        self.assertTrue(self.badmx("explain", "private-key-mismatch").out.startswith(
            "private-key-mismatch (error)"))
        self.assert_one_line(self.badmx("demo", "private-key-mismatch"), USAGE,
                             'it is called "wrong-private-key" now')
        (self.folder / "own").mkdir()
        self.write("own/key-mismatch.toml", 'summary = "Mine."\n[expect]\nfindings = []\n')
        said = self.badmx("explain", "key-mismatch", "--scenarios", "own")
        self.assertIn("Mine.", said.out)

    def test_names_what_a_scenario_is_called_now(self):
        self.assert_one_line(self.badmx("demo", "two-ways-up-one-known"), USAGE,
                             'it is called "two-paths-one-trusted" now')
        self.write("old.toml", 'summary = "Old."\n[expect]\nfindings = ["crl-unusable"]\n')
        self.assert_one_line(self.badmx("demo", "./old.toml"), USAGE,
                             'it is called "crl-invalid" now')

    def test_says_whether_a_bounce_is_explained(self):
        bounce = self.folder / "returned.eml"
        bounce.write_text("Diagnostic-Code: smtp; 450 4.7.320 Certificate validation failed\n"
                          " [Message=CertificateExpired]\n")
        for scenario, explained in (("expired-leaf", ["certificate-expired"]), ("wrong-host", [])):
            self.badmx("certgen", scenario, "-o", scenario)
            at = ["check", f"{scenario}/chain.pem", "--trust", f"{scenario}/trust.pem", "--name",
                  f"mx.{scenario}.badmx.test", "--bounce", "returned.eml"]
            first = json.loads(self.badmx(*at, "--json").out)["bounce"][0]
            self.assertEqual((first["says"], first["explained_by"]),
                             ("[message=certificateexpired]", explained))
            text = self.badmx(*at).out
            self.assertIn("explained by: certificate-expired" if explained
                          else "not explained by what was found", text)
        self.assertIn("certificate-expired", self.badmx("explain", "returned.eml").out)
        bounce.write_text("550 no such user\n")
        self.assert_one_line(self.badmx(*at), USAGE, "returned.eml")
        self.assert_one_line(self.badmx(*at[:-1], "none.eml"), USAGE, "none.eml")

    def test_of_nothing_says_what_it_wants(self):
        self.assert_one_line(self.badmx("check"), USAGE, "HOST")

    def test_of_what_was_saved_says_the_same_again(self):
        with lab.Lab(BADMX, ["wrong-host"]) as running:
            server = running.servers["wrong-host"]
            common = ["--name", server.name, "--trust", server.trust, "--json"]
            live = self.badmx("check", f"{server.host}:{server.port}", *common, "--save", "seen")
            again = self.badmx("check", "seen", *common)
        codes = [[each["code"] for each in json.loads(said.out)["findings"]]
                 for said in (live, again)]
        self.assertEqual(codes, [["name-mismatch"], ["name-mismatch"]])


class Hostile(CommandTest):
    """What a peer says never reaches the terminal raw."""

    EVIL = "\x1b[31mred\x1b]0;title\x07\x9b1m\u202etxt\x00"

    def assert_tame(self, text):
        for character in text:
            tame = character == "\n" or (character.isprintable() and character != "\u202e")
            self.assertTrue(tame, f"{character!r} in {text!r}")

    def test_replies_are_escaped_in_every_report(self):
        evil = self.EVIL.encode()
        with scripted_server([b"220 " + evil + b"\r\n", b"250-mx\r\n250 " + evil + b"\r\n",
                              b"454 " + evil + b"\r\n", b"221 bye\r\n"]) as port:
            for more in ([], ["--verbose"], ["--json"], ["--junit"], ["--view", "s_client"]):
                with self.subTest(more):
                    said = self.badmx("check", f"127.0.0.1:{port}", *more)
                    self.assertNotIn(said.code, (None, FAILURE), said.err)
                    self.assertNotEqual(said.out, "")
                    self.assert_tame(said.text)

    def test_names_in_a_transcript_are_escaped(self):
        name = self.write("pasted.txt", "CONNECTED(00000003)\n---\nCertificate chain\n"
                                        f" 0 s:CN = {self.EVIL}\n   i:CN = {self.EVIL}\n---\n"
                                        "Verify return code: 18 (self-signed certificate)\n")
        for more in ([], ["--verbose"], ["--json"], ["--junit"], ["--view", "s_client"]):
            with self.subTest(more):
                said = self.badmx("check", name, *more)
                self.assertNotIn(said.code, (None, FAILURE), said.err)
                self.assertIn("red", said.out)
                self.assert_tame(said.text)


class Output(CommandTest):
    def test_has_no_colour_unless_it_is_asked_for(self):
        self.assertNotIn("\x1b", self.badmx("demo", "expired-leaf").text)
        self.assertIn("\x1b", self.badmx("demo", "expired-leaf", "--color", "always").out)

    def test_of_reports_and_tables_fits_80_columns(self):
        for words in (["demo", "expired-leaf"], ["demo", "self-signed-snakeoil", "--verbose"],
                      ["list"], ["list", "findings"], ["list", "actions"], ["list", "defects"],
                      ["list", "policies"], ["list", "senders"], ["explain", "wrong-host"],
                      ["explain", "issuer-unknown"], ["explain", "20"], ["verify", "expired-leaf"]):
            with self.subTest(words):
                said = self.badmx(*words)
                self.assertEqual(said.code, FINE, said.err)
                for line in said.out.splitlines():
                    self.assertLessEqual(len(line), 80, line)

    def test_as_json_can_be_read(self):
        for words in (["demo", "expired-leaf", "--json"], ["verify", "expired-leaf", "--json"],
                      *(["list", table, "--json"] for table in ("scenarios", "findings", "defects",
                                                                "actions", "policies", "senders"))):
            with self.subTest(words):
                said = self.badmx(*words)
                self.assertEqual(said.code, FINE, said.err)
                json.loads(said.out)

    def test_to_a_file_keeps_the_text_on_the_terminal(self):
        said = self.badmx("demo", "expired-leaf", "--json=report.json", "--junit=report.xml")
        self.assertIn("certificate-expired", said.out)
        report = json.loads((self.folder / "report.json").read_text())
        self.assertEqual(report["findings"][0]["code"], "certificate-expired")
        self.assertIn("certificate-expired", (self.folder / "report.xml").read_text())

    def test_to_a_file_that_cannot_be_written_is_an_error(self):
        said = self.badmx("demo", "expired-leaf", "--json=no/such/folder/report.json")
        self.assertIn(said.code, (USAGE, FAILURE))
        self.assertIn("no/such/folder/report.json", said.err)


if __name__ == "__main__":
    unittest.main()
