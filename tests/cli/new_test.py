#!/usr/bin/env python3
"""scripts/new, in a copy of the folders that it writes to: what it begins fails until it is filled
in, and what it refuses leaves no trace.

  BADMX=build/release/badmx new_test.py [Class.test]"""

import ast
import json
import os
import pathlib
import shutil
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))
import lab  # noqa: E402

BADMX = os.path.abspath(os.environ.get("BADMX", "build/release/badmx"))
FINE, FINDINGS, USAGE, FAILURE = 0, 1, 64, 70
FOLDERS = ("scripts", "scenarios", "checker/rules", "gateways", "tests/checker", "tests/gateways")


class NewTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="badmx-new-")
        self.addCleanup(folder.cleanup)
        self.tree = pathlib.Path(folder.name)
        for each in FOLDERS:
            shutil.copytree(ROOT / each, self.tree / each,
                            ignore=shutil.ignore_patterns("__pycache__"))
        self.before = self.files()

    def files(self):
        return {str(path.relative_to(self.tree)): path.read_bytes()
                for path in self.tree.rglob("*") if path.is_file()}

    def changed(self):
        after = self.files()
        self.assertEqual(set(self.before) - set(after), set())
        return {path for path, text in after.items() if self.before.get(path) != text}

    def new(self, *words):
        return lab.run([self.tree / "scripts/new", *words], folder=self.tree)

    def begin(self, *words):
        said = self.new(*words)
        self.assertEqual(said.code, FINE, said.text)
        return said

    def read(self, path):
        return (self.tree / path).read_text()

    def assert_refused(self, words, *parts):
        said = self.new(*words)
        self.assertEqual((said.code, said.out, said.err.count("\n")), (USAGE, "", 1), said.text)
        for part in parts:
            self.assertIn(part, said.err)
        self.assertEqual(self.changed(), set())


class Scenario(NewTest):
    def test_is_read_and_fails_by_what_it_expects(self):
        said = self.begin("scenario", "name/no-name-at-all")
        path = "scenarios/name/no-name-at-all.toml"
        self.assertEqual(self.changed(), {path})
        self.assertIn(f"scripts/badmx verify {path}", said.out)
        proven = lab.run([BADMX, "verify", path], folder=self.tree)
        self.assertEqual(proven.code, FINDINGS, proven.text)
        self.assertIn("verify", proven.out.partition("DIFF")[2])
        self.assertIn("refuse", proven.out)

    def test_passes_once_it_is_filled_in(self):
        self.begin("scenario", "certificate/ran-out-yesterday")
        path = self.tree / "scenarios/certificate/ran-out-yesterday.toml"
        text = path.read_text().replace("# [certificate.leaf]", "[certificate.leaf]").replace(
            '# valid = ["-120d", "-30d"]', 'valid = ["-120d", "-1d"]').replace(
            "findings = []", 'findings = ["certificate-expired"]')
        path.write_text(text)
        proven = lab.run([BADMX, "verify", path], folder=self.tree)
        self.assertEqual(proven.code, FINE, proven.text)


class Finding(NewTest):
    def test_is_a_row_with_what_finds_it_and_a_test(self):
        said = self.begin("finding", "name/name-too-long")
        self.assertEqual(self.changed(),
                         {"checker/rules/name.cc", "tests/checker/rules/name_too_long_test.cc"})
        row = self.read("checker/rules/name.cc").partition('.code = "name-too-long"')[2]
        self.assertIn(".layer = FindingLayer::name", row)
        self.assertIn('.where = "FILL IN"', row)
        self.assertIn(".find = find_name_too_long}", row)
        self.assertIn("find_name_too_long(const Facts&)", self.read("checker/rules/name.cc"))
        self.assertIn('StartsWith("name-too-long")', self.read("tests/checker/rules/name_too_long_test.cc"))
        self.assertIn("-R NameTooLongFinding", said.out)

    def test_goes_into_each_table_and_only_adds_to_it(self):
        for path in sorted((self.tree / "checker/rules").glob("*.cc")):
            before = path.read_text()
            if "rows{" not in before:
                continue
            with self.subTest(path.stem):
                self.begin("finding", f"{path.stem}/x-{path.stem.replace('_', '-')}")
                after = path.read_text()
                self.assertEqual(after.count("Rule{.code"), before.count("Rule{.code") + 1)
                rest = iter(after.splitlines())
                self.assertTrue(all(line in rest for line in before.splitlines()))

    def test_is_as_clang_format_writes_it(self):
        if not shutil.which("clang-format-14"):
            self.skipTest("clang-format-14 isn't installed")
        self.begin("finding", "smtp/answer-in-verse")
        said = lab.run(["clang-format-14", "--dry-run", "--Werror", f"--style=file:{ROOT}/.clang-format",
                        "checker/rules/smtp.cc", "tests/checker/rules/answer_in_verse_test.cc"],
                       folder=self.tree)
        self.assertEqual(said.text, "")


class Adapter(NewTest):
    def test_can_be_run_and_says_what_is_to_be_done(self):
        self.begin("adapter", "my-mta")
        self.assertEqual(self.changed(), {"gateways/my-mta/adapter", "tests/gateways/gateway_test.py"})
        said = lab.run([BADMX, "gateway", "my-mta", "healthy", "--gateways", "gateways", "--json"],
                       folder=self.tree)
        self.assertNotEqual(said.code, FINE)
        cell = json.loads(said.out)["adapters"][0]["modes"][0]["cells"][0]
        self.assertEqual(cell["mark"], "unreached")
        self.assertEqual(cell["log"], ["gateways/my-mta/adapter: deliver() is to be filled in"])

    def test_is_tested_among_the_clients(self):
        self.begin("adapter", "my-mta")
        module = ast.parse(self.read("tests/gateways/gateway_test.py"))
        client = next(each for each in module.body if getattr(each, "name", "") == "Client")
        self.assertIn("test_my_mta", [each.name for each in client.body])


class Refusals(NewTest):
    def test_of_names_that_exist_say_where(self):
        for words, place in ((["scenario", "chain/expired-leaf"], "certificate/expired-leaf.toml"),
                             (["scenario", "name/name-mismatch"], "checker/rules/name.cc"),
                             (["finding", "name/name-mismatch"], "checker/rules/name.cc"),
                             (["finding", "smtp/name-mismatch"], "checker/rules/name.cc"),
                             (["finding", "name/wrong-host"], "name/wrong-host.toml"),
                             (["finding", "name/rules"], "tests/checker/rules/rules_test.cc"),
                             (["adapter", "postfix"], "gateways/postfix"),
                             (["adapter", "all"], '"all"')):
            with self.subTest(words):
                self.assert_refused(words, place)

    def test_of_names_that_are_none_say_what_is_allowed(self):
        for name in ("", "Name", "a_b", "a b", "a--b", "-a", "a-", "1a", "..", "a.toml", "a+b",
                     "\u00e4", "a\n", "a" * 64):
            with self.subTest(name):
                self.assert_refused(["adapter", name], "small letters")
        for kind in ("scenario", "finding"):
            with self.subTest(kind):
                self.assert_refused([kind, "name/a--b"], "small letters")

    def test_of_places_that_are_none_list_those_that_are(self):
        for words, part in ((["scenario", "lonely"], "certificate, chain, delivery"),
                            (["scenario", "nam/lonely"], "certificate, chain, delivery"),
                            (["scenario", "../lonely"], "certificate, chain, delivery"),
                            (["scenario", "/tmp/lonely"], "certificate, chain, delivery"),
                            (["finding", "lonely"], "certificate, chain, chain_order"),
                            (["finding", "tables/lonely"], "certificate, chain, chain_order"),
                            (["finding", "chain_facts/lonely"], "certificate, chain, chain_order")):
            with self.subTest(words):
                self.assert_refused(words, part)

    def test_of_a_command_line_that_is_none_tell_the_usage(self):
        for words in ([], ["scenario"], ["recipe", "x"], ["scenario", "name/a", "name/b"]):
            with self.subTest(words):
                self.assert_refused(words, "usage:", "GROUP/NAME", "TABLE/CODE")

    def test_leave_nothing_half_written(self):
        """The second of two files can't be written: the first isn't there either."""
        (self.tree / "tests/checker/rules/name_too_long_test.cc.new").mkdir()
        said = self.new("finding", "name/name-too-long")
        self.assertEqual((said.code, said.out, said.err.count("\n")), (FAILURE, "", 1), said.text)
        self.assertIn("name_too_long_test.cc.new", said.err)
        self.assertEqual(self.changed(), set())


if __name__ == "__main__":
    unittest.main()
