"""Carrying a console's bytes both ways: never more in memory than one message each way, never longer than allowed."""

from __future__ import annotations

import select
import socket
from collections.abc import Callable
from enum import StrEnum
from time import monotonic

from web.console.wire import ConsoleSocket

LOOK_S = 1.0
"""How often it is asked whether the console may stay open."""

_CHUNK = 1 << 16


class End(StrEnum):
    """Why a console was closed."""

    LEFT = "left"
    """By whoever sat at it."""
    FORBIDDEN = "forbidden"
    """It may not be open any longer."""
    OFF = "off"
    """By the machine."""


def relay(browser: ConsoleSocket, machine: socket.socket, may_go_on: Callable[[], bool]) -> End:
    """Carry bytes until one side ends it or it may not go on. Both sides are read only while the other keeps up.

    :raises OSError: a connection broke.
    """
    browser.setblocking(False)
    machine.setblocking(False)
    typed = bytearray()
    look_at = monotonic() + LOOK_S
    while True:
        if monotonic() >= look_at:
            if not may_go_on():
                return End.FORBIDDEN
            look_at = monotonic() + LOOK_S
        reading: list[ConsoleSocket | socket.socket] = []
        writing: list[ConsoleSocket | socket.socket] = []
        (writing if typed else reading).append(machine if typed else browser)
        (writing if browser.is_behind else reading).append(browser if browser.is_behind else machine)
        readable, writable, _ = select.select(reading, writing, [], max(0.0, look_at - monotonic()))
        if browser in writable:
            browser.catch_up()
        if machine in writable:
            del typed[: machine.send(typed)]
        if browser in readable:
            messages = browser.received()
            if messages is None:
                return End.LEFT
            typed += b"".join(messages)
        if machine in readable:
            screen = machine.recv(_CHUNK)
            if not screen:
                return End.OFF
            browser.post(screen)
