"""The SOAP of [MS-WSMV], as far as pywinrm speaks it: Create, Command, Send, Receive, Signal, Delete."""

from __future__ import annotations

import base64
import threading
import uuid
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass, field

Program = Callable[[str, bytes], tuple[bytes, bytes, int] | None]
"""What runs: from a command line and all its input to both streams and the exit code; None when it never ends."""

NS = {
    "s": "http://www.w3.org/2003/05/soap-envelope",
    "a": "http://schemas.xmlsoap.org/ws/2004/08/addressing",
    "w": "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd",
    "x": "http://schemas.xmlsoap.org/ws/2004/09/transfer",
    "rsp": "http://schemas.microsoft.com/wbem/wsman/1/windows/shell",
    "f": "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault",
}
ENVELOPE_LIMIT = 153600
"""Bytes of a message that every Windows takes (MaxEnvelopeSize of the oldest)."""
PIECE = 48 * 1024
STATE = f"{NS['rsp']}/CommandState"

OPERATION_TIMED_OUT = 2150858793
SHELL_NOT_FOUND = 2150858843
QUOTA = 2150859173


@dataclass
class Job:
    """A program that was started."""

    line: str
    given: bytes = b""
    result: tuple[bytes, bytes, int] | None = None
    sent: int = 0
    options: dict[str, str] = field(default_factory=dict)
    ready: threading.Event = field(default_factory=threading.Event)


class Shells:
    """The shells of a machine and what runs in them."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self.open: dict[str, dict[str, Job]] = {}
        self.jobs: list[Job] = []
        self.ended: list[str] = []

    def answer(self, body: bytes) -> tuple[int, bytes]:
        """Status and SOAP for a message."""
        root = ET.fromstring(body)  # noqa: S314 - our own client's
        header = root.find("s:Header", NS)
        assert header is not None
        assert len(body) <= ENVELOPE_LIMIT, "a Windows would refuse this message"
        message_id = _text(header, "a:MessageID")
        action = action_of(body)
        if action == "Create":
            shell = str(uuid.uuid4()).upper()
            self.open[shell] = {}
            made = (
                "<x:ResourceCreated><a:ReferenceParameters><w:SelectorSet>"
                f'<w:Selector Name="ShellId">{shell}</w:Selector>'
                "</w:SelectorSet></a:ReferenceParameters></x:ResourceCreated>"
            )
            return 200, envelope(message_id, made)
        shell = _text(header, "w:SelectorSet/w:Selector")
        if shell not in self.open:
            return fault(SHELL_NOT_FOUND, message_id)
        options = {node.get("Name", ""): node.text or "" for node in header.findall("w:OptionSet/w:Option", NS)}
        limit_s = float(_text(header, "w:OperationTimeout").strip("PTS"))
        told: tuple[int, bytes] = getattr(self, f"_{action.lower()}")(root, shell, message_id, options, limit_s)
        return told

    def _delete(self, _root: ET.Element, shell: str, message_id: str, *_: object) -> tuple[int, bytes]:
        del self.open[shell]
        return 200, envelope(message_id, "")

    def _command(
        self, root: ET.Element, shell: str, message_id: str, options: dict[str, str], _limit_s: float
    ) -> tuple[int, bytes]:
        said = root.find("s:Body/rsp:CommandLine", NS)
        assert said is not None
        arguments = [node.text or "" for node in said.findall("rsp:Arguments", NS)]
        command = str(uuid.uuid4()).upper()
        job = Job(" ".join([_text(said, "rsp:Command"), *arguments]), options=options)
        self.open[shell][command] = job
        self.jobs.append(job)
        return 200, envelope(
            message_id, f"<rsp:CommandResponse><rsp:CommandId>{command}</rsp:CommandId></rsp:CommandResponse>"
        )

    def _send(self, root: ET.Element, shell: str, message_id: str, *_: object) -> tuple[int, bytes]:
        stream = root.find("s:Body/rsp:Send/rsp:Stream", NS)
        assert stream is not None
        job = self.open[shell][stream.get("CommandId", "")]
        job.given += base64.b64decode(stream.text or "", validate=True)
        if stream.get("End") == "true":
            job.result = self._program(job.line, job.given)
            if job.result is not None:
                job.ready.set()
        return 200, envelope(message_id, "<rsp:SendResponse/>")

    def _receive(
        self, root: ET.Element, shell: str, message_id: str, _options: dict[str, str], limit_s: float
    ) -> tuple[int, bytes]:
        wanted = root.find("s:Body/rsp:Receive/rsp:DesiredStream", NS)
        assert wanted is not None
        command = wanted.get("CommandId", "")
        job = self.open[shell][command]
        if not job.ready.wait(limit_s) or job.result is None:
            return fault(OPERATION_TIMED_OUT, message_id)
        out, err, code = job.result
        piece = out[job.sent : job.sent + PIECE]
        first = job.sent == 0
        job.sent += len(piece)
        streams = stream_xml("stdout", command, piece) + (stream_xml("stderr", command, err) if first else "")
        done = f"<rsp:ExitCode>{code}</rsp:ExitCode>" if job.sent >= len(out) else ""
        state = f"{STATE}/{'Done' if done else 'Running'}"
        state = f'<rsp:CommandState CommandId="{command}" State="{state}">{done}</rsp:CommandState>'
        return 200, envelope(message_id, f"<rsp:ReceiveResponse>{streams}{state}</rsp:ReceiveResponse>")

    def _signal(self, root: ET.Element, shell: str, message_id: str, *_: object) -> tuple[int, bytes]:
        said = root.find("s:Body/rsp:Signal", NS)
        assert said is not None
        self.ended.append(self.open[shell].pop(said.get("CommandId", "")).line)
        return 200, envelope(message_id, "<rsp:SignalResponse/>")


def action_of(body: bytes) -> str:
    """The last word of a message's action; empty when it is none."""
    try:
        root = ET.fromstring(body)  # noqa: S314 - our own client's
    except ET.ParseError:
        return ""
    return root.findtext("s:Header/a:Action", "", NS).rsplit("/", 1)[-1]


def stream_xml(name: str, command: str, data: bytes) -> str:
    return f'<rsp:Stream Name="{name}" CommandId="{command}">{base64.b64encode(data).decode()}</rsp:Stream>'


def envelope(relates_to: str, body: str) -> bytes:
    names = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NS.items())
    return (
        f"<s:Envelope {names}><s:Header><a:RelatesTo>{relates_to}</a:RelatesTo></s:Header>"
        f"<s:Body>{body}</s:Body></s:Envelope>"
    ).encode()


def fault(code: int, relates_to: str = "") -> tuple[int, bytes]:
    """A SOAP fault as Windows says it."""
    return 500, envelope(
        relates_to,
        "<s:Fault><s:Code><s:Value>s:Receiver</s:Value><s:Subcode><s:Value>w:InternalError</s:Value></s:Subcode></s:Code>"
        '<s:Reason><s:Text xml:lang="fr-FR">La machine dit pourquoi, en français</s:Text></s:Reason>'
        f'<s:Detail><f:WSManFault Code="{code}" Machine="srv"/></s:Detail></s:Fault>',
    )


def _text(node: ET.Element, path: str) -> str:
    return node.findtext(path, "", NS)
