"""Mail servers whose Debian packages conflict with each other: unpacked, never installed."""

import fcntl
import os
import pathlib
import shutil

from adapter import run

# Two system users of Debian that own nothing: Postfix refuses root and shared ones.
MAIL_OWNER, SETGID_GROUP = "uucp", "games"


def unpacked(request, name, packages, wanted):
    """Where the packages and what they lack here were unpacked: a folder beside the scratch folder,
    shared by the modes of one run; None when they can't be had. `wanted` is a file in it."""
    folder = request.scratch.parent / f"packages-{name}"
    folder.mkdir(exist_ok=True)
    with open(folder / "lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        root = folder / "root"
        if not root.exists() and shutil.which("apt-get"):
            root.mkdir()  # once is enough, whatever becomes of it
            archives = folder / "archives"
            (archives / "partial").mkdir(parents=True, exist_ok=True)
            run(["apt-get", "install", "--yes", "--reinstall", "--download-only", "--no-install-recommends",
                 "-o", f"Dir::Cache::archives={archives}", "-o", "Debug::NoLocking=1", *packages],
                seconds=120)
            for package in sorted(archives.glob("*.deb")):
                run(["dpkg", "-x", package, root], seconds=60)
    return root if (root / wanted).exists() else None


def libraries(root):
    return ":".join(str(path) for path in [*(root / "usr/lib").glob("*-linux-gnu"),
                                           *(root / "lib").glob("*-linux-gnu")])


def candidate(package):
    """The version that apt would unpack."""
    for line in run(["apt-cache", "policy", package], seconds=20)[1].splitlines():
        if "Candidate:" in line:
            return line.split(":", 1)[1].strip()
    return ""


def needs_root_and_apt(name):
    if os.geteuid() != 0:
        return f"{name} runs as root only"
    return "" if shutil.which("apt-get") else f"{name} isn't installed, and there is no apt-get"


def own(path, owner):
    shutil.chown(path, owner)
    return pathlib.Path(path)
