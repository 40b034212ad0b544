"""Running a lab's tests of one machine and turning each into an output like any probe's."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from checkers.channel import Agent, ChannelError
from checkers.facts import Raw

COMMAND_LIMIT_S = 20.0
"""Seconds for one command of a test."""


def run_tests(folder: Path, tests: Sequence[str], agent: Agent, *, timeout_s: float = 60.0) -> dict[str, Raw]:
    """Run tests (``test_file.py::test_function``, below ``folder``) against one machine.

    Each test's output holds one JSON object: ``outcome`` (passed, failed, skipped, error), ``text`` (pytest's own
    explanation) and ``faults`` (what the channel could not do). A test without an output did not run.
    """
    ask_read, ask_write = os.pipe()
    answer_read, answer_write = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", "checkers.testinfra.child", str(answer_read), str(ask_write), *tests],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(answer_read, ask_write),
        start_new_session=True,
    )
    os.close(answer_read)
    os.close(ask_write)
    stopper = threading.Timer(timeout_s, process.kill)
    stopper.start()
    try:
        with (
            os.fdopen(ask_read, encoding="utf-8") as asks,
            os.fdopen(answer_write, "w", encoding="utf-8", buffering=1) as answers,
        ):
            results = _serve(asks, answers, agent)
    finally:
        stopper.cancel()
        process.kill()
        process.wait()
    return {test: _merge(test, results) for test in tests if any(_is_of(test, result) for result in results)}


def _serve(asks: Any, answers: Any, agent: Agent) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = []
    for line in asks:
        message = json.loads(line)
        if "test" in message:
            results.append(message)
            continue
        try:
            result = agent.run(["/bin/sh", "-c", message["run"]], timeout_s=COMMAND_LIMIT_S)
        except ChannelError as error:
            answer: dict[str, Any] = {"fault": str(error)}
        else:
            if result.exit_code is None or result.truncated:
                answer = {"fault": "time limit" if result.timed_out else "output too long or no exit code"}
            else:
                answer = {
                    "exit": result.exit_code,
                    "out": base64.b64encode(result.stdout).decode(),
                    "err": base64.b64encode(result.stderr).decode(),
                }
        try:
            answers.write(json.dumps(answer) + "\n")
        except BrokenPipeError:
            break
    return results


def _is_of(test: str, result: dict[str, Any]) -> bool:
    """Whether a result is of this test: a parametrised test has several."""
    nodeid = str(result["test"])
    return nodeid == test or nodeid.startswith(test + "[")


def _merge(test: str, results: list[dict[str, Any]]) -> Raw:
    mine = [result for result in results if _is_of(test, result)]
    worst = next((result for result in mine if result["outcome"] != "passed"), mine[0])
    faults = [fault for result in mine for fault in result["faults"]]
    return Raw(stdout=json.dumps({"outcome": worst["outcome"], "text": worst["text"], "faults": faults}))
