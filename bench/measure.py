"""Running programs and reading what they cost: wall time, CPU time, memory."""
import os
import re
import statistics
import subprocess
import tempfile
import time
from typing import NamedTuple

TICK = os.sysconf("SC_CLK_TCK")
LONGEST_RUN = 600  # seconds, of any one program that isn't given longer


class BenchError(Exception):
    """A program that didn't do what it is measured for."""


class Run(NamedTuple):
    wall: float  # seconds
    cpu: float  # seconds, user and system, of the program and all that it waited for
    output: str  # standard output and error
    peak: float  # MiB, the most that it had resident


def run(argv, env=None, exit_code=0, longest=LONGEST_RUN):
    """Runs a program to its end. Another exit code than the one wanted is an error."""
    argv = [str(word) for word in argv]
    with tempfile.TemporaryFile() as output:
        start = time.monotonic()
        child = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=output,
                                 stderr=subprocess.STDOUT, env=env)
        usage = wait_with_usage(child, argv, longest)
        wall = time.monotonic() - start
        output.seek(0)
        text = output.read().decode(errors="replace")
    if child.returncode != exit_code:
        tail = "\n".join(text.splitlines()[-5:])
        raise BenchError(f"{' '.join(argv[:3])}: exit {child.returncode}\n{tail}")
    return Run(wall, usage.ru_utime + usage.ru_stime, text, usage.ru_maxrss / 1024)


def wait_with_usage(child, argv, longest):
    """wait4, which unlike Popen.wait tells what the child cost; ends it when it takes too long."""
    deadline = time.monotonic() + longest
    pause = 0.0005
    while True:
        pid, status, usage = os.wait4(child.pid, os.WNOHANG)
        if pid:
            child.returncode = os.waitstatus_to_exitcode(status)
            return usage
        if time.monotonic() > deadline:
            child.kill()
            child.wait()
            raise BenchError(f"{' '.join(argv[:3])}: not done after {longest} s")
        time.sleep(pause)


def process_tree_cpu(pid):
    """CPU seconds so far of a process, its live descendants, and those each has waited for."""
    children = {}
    ticks = {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/stat", encoding="utf-8", errors="replace") as stat:
                fields = stat.read().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended since
        children.setdefault(int(fields[1]), []).append(int(entry))
        ticks[int(entry)] = sum(int(field) for field in fields[11:15])
    total, waiting = 0, [pid]
    while waiting:
        one = waiting.pop()
        total += ticks.get(one, 0)
        waiting += children.get(one, [])
    return total / TICK


def resident_kib(pid):
    with open(f"/proc/{pid}/status", encoding="utf-8") as status:
        return int(re.search(r"VmRSS:\s+(\d+) kB", status.read()).group(1))


def interleaved(rounds, measures):
    """{name: function} measured in turn, `rounds` times; {name: [figure, …]}."""
    figures = {name: [] for name in measures}
    for _ in range(rounds):
        for name, measure in measures.items():
            figures[name].append(measure())
    return figures


def ratio(above, below):
    """The median of the rounds' own ratios: what disturbed a round disturbed both sides."""
    return statistics.median(a / b for a, b in zip(above, below))
