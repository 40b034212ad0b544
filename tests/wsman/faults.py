"""What goes wrong between us and a Windows machine: each a ``Fault`` of the server."""

from __future__ import annotations

from tests.wsman.server import Fault, Handler
from tests.wsman.shells import QUOTA, envelope, fault, stream_xml


def on(action: str, then: Fault) -> Fault:
    """This fault, at this action only."""
    return lambda handler, asked: asked == action and then(handler, asked)


def deaf(handler: Handler, _action: str) -> bool:
    """No answer at all."""
    handler.over.wait()
    handler.hang_up()
    return True


def drip(handler: Handler, _action: str) -> bool:
    """An answer that comes a byte at a time, and never ends: no read ever times out."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000000")
    handler.end_headers()
    while not handler.over.wait(0.05):
        try:
            handler.wfile.write(b" ")
        except OSError:
            break
    handler.hang_up()
    return True


def cut(handler: Handler, _action: str) -> bool:
    """The connection ends in the middle of an answer."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"<s:Envelope")
    handler.hang_up()
    return True


def http_500(handler: Handler, _action: str) -> bool:
    handler.answer(500, b"Internal Server Error")
    return True


def flood(handler: Handler, _action: str) -> bool:
    """An answer of any length."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(1 << 40))
    handler.end_headers()
    try:
        while not handler.over.is_set():
            handler.wfile.write(b"<" * 65536)
    except OSError:
        pass
    handler.hang_up()
    return True


def garbled_xml(handler: Handler, _action: str) -> bool:
    handler.answer(200, b"<s:Envelope><\xff")
    return True


def other_xml(handler: Handler, _action: str) -> bool:
    """XML, but nothing that was asked for."""
    handler.answer(200, b"<html/>")
    return True


def garbled_base64(handler: Handler, _action: str) -> bool:
    said = stream_xml("stdout", "x", b"").replace("><", ">abc<")
    handler.answer(200, envelope("", f"<rsp:ReceiveResponse>{said}</rsp:ReceiveResponse>"))
    return True


def quota(handler: Handler, _action: str) -> bool:
    """No shell more for this account."""
    handler.answer(*fault(QUOTA))
    return True


def endless_output(handler: Handler, _action: str) -> bool:
    """A program that says more and more, each message sound."""
    said = stream_xml("stdout", "x", b"x" * 100_000)
    handler.answer(200, envelope("", f"<rsp:ReceiveResponse>{said}</rsp:ReceiveResponse>"))
    return True
