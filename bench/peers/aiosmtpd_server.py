"""aiosmtpd as a benchmark's peer:  aiosmtpd_server.py CHAIN.pem KEY.pem

Prints "port N" and ends with its standard input.
"""
import asyncio
import ssl
import sys

from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP


async def main(chain, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    context.num_tickets = 0  # as the other servers
    loop = asyncio.get_running_loop()

    def session():
        return SMTP(Sink(), hostname="mx.bench.test", tls_context=context, loop=loop)

    server = await loop.create_server(session, "127.0.0.1", 0)
    print("port", server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


asyncio.run(main(sys.argv[1], sys.argv[2]))
