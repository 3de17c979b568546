"""A program that only opens TLS (s_client, gnutls-cli) as a sender: the dialogue is written into it,
the server's replies are read from what it prints."""

import os
import re
import select
import subprocess
import time

from adapter import (BOUNCED, DEFERRED, DELIVERED, GAVE_UP, PATIENCE, clean_environment,
                     die_with_parent)

REPLY = re.compile(r"^(\d{3})(?:[ ].*)?$")
LONGEST = 1 << 20  # octets that are read of it


class Pipe:
    def __init__(self, command, seconds):
        self._until = time.monotonic() + seconds
        self._process = subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, env=clean_environment(), preexec_fn=die_with_parent,
            bufsize=0)  # what it didn't take before its end must not fail once more when we close
        self._rest, self.said = b"", []
        self._octets = 0

    def close(self):
        self._process.kill()
        self._process.wait()
        self._process.stdin.close()
        self._process.stdout.close()

    def send(self, text):
        try:
            self._process.stdin.write(text.encode())
            self._process.stdin.flush()
        except OSError:
            pass  # it has ended: reading says so

    def _line(self):
        """The next line, or None when it has ended or says nothing for too long."""
        while b"\n" not in self._rest:
            wait = min(PATIENCE, self._until - time.monotonic())
            if wait <= 0 or self._octets > LONGEST or not select.select([self._process.stdout], [], [], wait)[0]:
                return None
            read = os.read(self._process.stdout.fileno(), 65536)
            if not read:
                return None
            self._octets += len(read)
            self._rest += read
        line, self._rest = self._rest.split(b"\n", 1)
        self.said.append(line.decode(errors="replace").strip())
        return self.said[-1]

    def reply(self, passing=()):
        """The code of the next reply that isn't one to be passed over; None when none comes."""
        while (line := self._line()) is not None:
            found = REPLY.match(line)
            if found and found.group(1) not in passing:
                return found.group(1)
        return None


def deliver_through(command, request, endpoint):
    """Verdict and log of one message. What the program itself read (a greeting, the end of an answer
    to EHLO) may be printed too, so replies are only counted from DATA's on."""
    pipe = Pipe(command, min(4 * PATIENCE, request.seconds_left()))
    try:
        pipe.send(f"ehlo client.badmx.test\r\nmail from:<{request.sender}>\r\n"
                  f"rcpt to:<{endpoint.recipient}>\r\ndata\r\n")
        code = pipe.reply(passing=("220", "250"))
        if code == "354":
            pipe.send(request.message(endpoint) + ".\r\n")
            code = pipe.reply()
        if code == "250":
            pipe.send("quit\r\n")
            pipe.reply()
            return DELIVERED, pipe.said
        verdict = GAVE_UP if code is None else BOUNCED if code.startswith("5") else DEFERRED
        return verdict, pipe.said
    finally:
        pipe.close()
