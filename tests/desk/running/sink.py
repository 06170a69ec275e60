"""A mail server on loopback that takes everything, slowly enough to be killed meanwhile."""

from __future__ import annotations

import contextlib
import socketserver
import threading
import time
from email import message_from_bytes


class Sink:
    """What was taken, in the order in which it came: (Message-ID, to whom, text)."""

    def __init__(self, delay: float = 0.003) -> None:
        taken: list[tuple[str, str, str]] = []

        class Talk(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(OSError):
                    self._say("220 sink")
                    while line := self.rfile.readline():
                        word = line.strip().upper()[:4]
                        if word == b"DATA":
                            self._say("354 go on")
                            self._take()
                        elif word == b"QUIT":
                            self._say("221 bye")
                            return
                        else:
                            self._say("250 fine")

            def _take(self) -> None:
                lines = []
                while (line := self.rfile.readline()) not in (b".\r\n", b""):
                    lines.append(line)
                if not line:
                    return  # the client died before its end: nothing was handed over
                time.sleep(delay)
                letter = message_from_bytes(b"".join(lines))
                text = letter.get_payload(decode=True)
                taken.append((letter["Message-ID"], letter["To"], str(text)))
                self._say("250 taken")

            def _say(self, text: str) -> None:
                self.wfile.write(f"{text}\r\n".encode())

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True

        self.taken = taken
        self._server = Server(("127.0.0.1", 0), Talk)
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Take no more."""
        self._server.shutdown()
        self._server.server_close()
