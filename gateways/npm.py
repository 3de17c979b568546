"""Senders from npm, of a version that is written down, installed once for all modes of a run."""

import fcntl
import os

from adapter import needs_program, run


def installed(request, package, version):
    """The folder of modules, beside the scratch folder; None when npm can't have it."""
    folder = request.scratch.parent / f"npm-{package}"
    folder.mkdir(exist_ok=True)
    with open(folder / "lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        modules = folder / "node_modules"
        if not (modules / package).exists():
            # With the caller's environment: that is where proxies and registries are set.
            run(["npm", "install", "--prefix", folder, "--no-audit", "--no-fund", "--silent",
                 "--omit=optional", f"{package}@{version}"],
                seconds=max(1, min(60, request.seconds_left() - 10)), env=dict(os.environ))
    return modules if (modules / package / "package.json").exists() else None


def needs_node():
    return needs_program("node") or needs_program("npm")
