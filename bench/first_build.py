"""What it costs to build badmx from a fresh clone, and again after a change."""
import os
import pathlib
import subprocess

from measure import run

ROOT = pathlib.Path(__file__).resolve().parent.parent
# The last commit that compiled each file by itself.
BASE_COMMIT = "378df9d9d9400fb928bfd3886733f007d1be69d1"
CHANGED = "checker/rules/chain.cc"
LONGEST_BUILD = 3 * 3600  # seconds


def has_base():
    """Whether this clone goes back so far."""
    return subprocess.run(["git", "-C", ROOT, "cat-file", "-e", BASE_COMMIT + "^{commit}"],
                          stderr=subprocess.DEVNULL, check=False).returncode == 0


def clone(commit, folder):
    """A clone of what is committed: changes in the checkout don't count."""
    subprocess.run(["git", "clone", "--quiet", "--no-checkout", ROOT, folder], check=True)
    subprocess.run(["git", "-C", folder, "checkout", "--quiet", "--detach", commit], check=True)
    return folder


def build_cost(folder):
    """CPU seconds of the README's command in a clone, without a compiler's cache."""
    return run([folder / "scripts/badmx", "--version"], env=dict(os.environ, CCACHE_DISABLE="1"),
               longest=LONGEST_BUILD).cpu


def rebuild_cost(folder):
    """The same where it is built and one rule has changed since."""
    (folder / CHANGED).touch()
    return build_cost(folder)
