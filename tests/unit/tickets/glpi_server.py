"""A simulated GLPI: a web server on loopback that answers as ``apirest.md`` of GLPI 10 and 11 documents.

Nothing of this was recorded from a real GLPI. The rows have the fields of GLPI's tables; the test that uses them says
what they mean.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

APP, USER, SESSION = "app-f7g3csp8mgatg5ebc5", "user-q56hqkniwot8wntb3z1", "session-83af7e620c83a50a"

Answer = tuple[int, Any]


@dataclass
class Simulated:
    """rows: of types by number; parts: what belongs to tickets, by number and type. hidden: types that the account may
    not see. answer: what is said to everything instead. sessions: those that are open; asked: every path and query."""

    rows: dict[str, dict[int, dict[str, Any]]]
    parts: dict[int, dict[str, list[dict[str, Any]]]]
    hidden: set[str] = field(default_factory=set)
    answer: tuple[int, dict[str, str], bytes] | None = None
    sessions: int = 0
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    methods: set[str] = field(default_factory=set)
    url: str = ""

    def reply(self, path: str, query: dict[str, str], headers: dict[str, str]) -> Answer:
        """What GLPI says."""
        what = path.split("apirest.php/", 1)[-1].strip("/")
        if headers.get("app-token") != APP:
            code = "ERROR_WRONG_APP_TOKEN_PARAMETER" if "app-token" in headers else "ERROR_APP_TOKEN_PARAMETERS_MISSING"
            return 400, [code, "…"]
        if what == "initSession":
            if headers.get("authorization") != f"user_token {USER}":
                return 401, ["ERROR_GLPI_LOGIN_USER_TOKEN", "…"]
            self.sessions += 1
            return 200, {"session_token": SESSION}
        if headers.get("session-token") != SESSION:
            return 401, ["ERROR_SESSION_TOKEN_INVALID", "…"]
        if what == "killSession":
            self.sessions -= 1
            return 200, None
        if found := re.fullmatch(r"search/(\w+)", what):
            return self._search(found[1], query)
        if found := re.fullmatch(r"(\w+)/(\d+)", what):
            return self._item(found[1], int(found[2]))
        if found := re.fullmatch(r"Ticket/(\d+)/(\w+)", what):
            return self._part(int(found[1]), found[2])
        return 400, ["ERROR_RESOURCE_NOT_FOUND_NOR_COMMONDBTM", "…"]

    def _search(self, type_: str, query: dict[str, str]) -> Answer:
        if type_ in self.hidden:
            return 403, ["ERROR_RIGHT_MISSING", "…"]
        found = [number for number, row in self.rows[type_].items() if self._meets(number, row, query)]
        answer: dict[str, Any] = {"totalcount": len(found), "count": len(found), "sort": [1], "order": ["ASC"]}
        if found:  # there is no "data" otherwise
            answer |= {"data": [{"2": number, "80": "Root"} for number in found], "content-range": f"0-{len(found)}"}
        return 200, answer

    def _meets(self, number: int, row: dict[str, Any], query: dict[str, str]) -> bool:
        for place in range(4):
            if f"criteria[{place}][field]" not in query:
                break
            assert query[f"criteria[{place}][link]"] == "AND"
            value, users = query[f"criteria[{place}][value]"], self.parts.get(number, {}).get("Ticket_User", ())
            match query[f"criteria[{place}][field]"], query[f"criteria[{place}][searchtype]"]:
                case "15", "morethan":
                    meets = row["date"] > value
                case "15", "lessthan":
                    meets = row["date"] < value
                case "5", "equals":
                    meets = int(value) in [one["users_id"] for one in users if one["type"] == 2]
                case "1", "contains":
                    meets = value == f"^{row['name']}$"
                case asked:
                    raise AssertionError(asked)
            if not meets:
                return False
        return True

    def _item(self, type_: str, number: int) -> Answer:
        if type_ in self.hidden:
            return 403, ["ERROR_RIGHT_MISSING", "…"]
        row = self.rows.get(type_, {}).get(number)
        return (404, ["ERROR_ITEM_NOT_FOUND", "…"]) if row is None else (200, row)

    def _part(self, number: int, part: str) -> Answer:
        if part in self.hidden:
            return 403, ["ERROR_RIGHT_MISSING", "…"]
        rows = self.parts.get(number, {}).get(part, [])
        return 200, rows


@contextmanager
def serving(glpi: Simulated) -> Iterator[Simulated]:
    """Serve it while in the ``with``; ``glpi.url`` says where."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            glpi.methods.add(self.command)
            place = urlsplit(self.path)
            glpi.asked.append((place.path, dict(parse_qsl(place.query))))
            status, headers, body = glpi.answer or (200, {}, b"")
            if glpi.answer is None:
                sent = {name.lower(): value for name, value in self.headers.items()}
                status, answer = glpi.reply(place.path, dict(parse_qsl(place.query)), sent)
                body = b"" if answer is None else json.dumps(answer).encode()
                headers = {"Content-Type": "application/json"}
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - http.server's own names

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    glpi.url = f"http://127.0.0.1:{server.server_port}/glpi"
    try:
        yield glpi
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
