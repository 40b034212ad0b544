"""A mail server on loopback that behaves as one is told to: IMAP over TLS and SMTP, just enough of both."""

from __future__ import annotations

import re
import socketserver
import ssl
import subprocess
import threading
from dataclasses import dataclass, field
from pathlib import Path

GREETING = b"* OK [CAPABILITY IMAP4rev1 UIDPLUS] ready\r\n"


@dataclass
class Mail:
    """What the server holds and how it answers. boxes: messages by mailbox. aliases: where an address leads."""

    password: str = "passe"
    boxes: dict[str, list[str]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    refuse_logon: str = "[AUTHENTICATIONFAILED] Authentication failed."
    flood: bool = False
    lose: bool = False
    hang_up: bool = False


class _Imap(socketserver.StreamRequestHandler):
    """LOGIN, SELECT, UID SEARCH, UID FETCH, UID STORE, UID EXPUNGE, LOGOUT."""

    def handle(self) -> None:
        mail: Mail = self.server.mail  # type: ignore[attr-defined]
        self.wfile.write(GREETING)
        box: list[str] = []
        for line in self.rfile:
            tag, _, order = line.decode().rstrip().partition(" ")
            verb = order.upper()
            done = "OK done"
            if verb.startswith("CAPABILITY"):
                self.wfile.write(b"* CAPABILITY IMAP4rev1 UIDPLUS\r\n")
            elif verb.startswith("LOGIN"):
                user, password = re.findall(r'"([^"]*)"|(\S+)', order[6:])[:2]
                name = user[0] or user[1]
                if (password[0] or password[1]) != mail.password or name not in mail.boxes:
                    done = f"NO {mail.refuse_logon}"
                else:
                    box = mail.boxes[name]
            elif verb.startswith(("SELECT", "EXAMINE")):
                if mail.hang_up:
                    return
                self.wfile.write(f"* {len(box)} EXISTS\r\n".encode())
            elif verb.startswith("UID SEARCH"):
                self._search(order, box)
            elif verb.startswith("UID FETCH"):
                self._fetch(mail, order, box)
            elif verb.startswith("UID EXPUNGE"):
                box[int(order.split()[2]) - 1] = ""
            elif verb.startswith("LOGOUT"):
                self.wfile.write(b"* BYE\r\n")
            self.wfile.write(f"{tag} {done}\r\n".encode())

    def _search(self, order: str, box: list[str]) -> None:
        wanted = re.search(r'Message-ID "([^"]+)"', order)
        found = [n for n, text in enumerate(box, 1) if text and (wanted is None or wanted[1] in text)]
        self.wfile.write(f"* SEARCH {' '.join(map(str, found))}\r\n".encode())

    def _fetch(self, mail: Mail, order: str, box: list[str]) -> None:
        for number in map(int, order.split()[2].split(",")):
            head = box[number - 1].split("\r\n\r\n")[0].encode() + b"\r\n\r\n"
            size = 10**12 if mail.flood else len(head)
            self.wfile.write(f"* {number} FETCH (UID {number} BODY[HEADER] {{{size}}}\r\n".encode())
            self.wfile.write(head + b")\r\n")


class _Smtp(socketserver.StreamRequestHandler):
    """EHLO, MAIL, RCPT, DATA, QUIT."""

    def handle(self) -> None:
        mail: Mail = self.server.mail  # type: ignore[attr-defined]
        self.wfile.write(b"220 ready\r\n")
        to = ""
        for line in self.rfile:
            verb = line[:4].upper()
            if verb == b"RCPT":
                asked = re.search(rb"<([^>]*)>", line)
                to = asked[1].decode() if asked else ""
                to = mail.aliases.get(to, to)
                known = to in mail.boxes
                self.wfile.write(b"250 ok\r\n" if known else b"550 5.1.1 User unknown\r\n")
            elif verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                text = b""
                while not text.endswith(b"\r\n.\r\n"):
                    text += self.rfile.readline()
                if not mail.lose:
                    mail.boxes[to].append(text.decode())
                self.wfile.write(b"250 queued\r\n")
            elif verb == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(b"250 ok\r\n")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, handler: type[socketserver.BaseRequestHandler], mail: Mail, context: ssl.SSLContext | None):
        super().__init__(("127.0.0.1", 0), handler)
        self.mail = mail
        if context is not None:
            self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)


class Servers:
    """IMAP and SMTP for one ``Mail``, each on a port of its own."""

    def __init__(self, mail: Mail, folder: Path) -> None:
        self.folder = folder / "question"
        self.folder.mkdir()
        pem = folder / "server.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
             "2", "-subj", "/CN=test", "-keyout", str(pem), "-out", str(folder / "cert.pem")],
            check=True, capture_output=True, timeout=30,
        )  # fmt: skip
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "cert.pem", pem)
        self._servers = [_Server(_Imap, mail, context), _Server(_Smtp, mail, None)]
        self._threads = [threading.Thread(target=s.serve_forever, args=(0.02,), daemon=True) for s in self._servers]
        for thread in self._threads:
            thread.start()
        self.imap, self.smtp = (s.server_address[1] for s in self._servers)

    def stop(self) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()
        for thread in self._threads:
            thread.join()
