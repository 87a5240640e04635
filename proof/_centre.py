"""A service in a process of its own, its officers over HTTP, and a listener that comes back by itself."""

from __future__ import annotations

import http.client
import json
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from truceline.serve.asking import csrf_of
from truceline.serve.guarding import CSRF_HEADER

_LINK = re.compile(r"an officer of ([AB]): \S+/sign-in/(\S+)")
COOKIE = "truceline"


class Service:
    """The service, started, killed and started again on one store.

    Args:
        store: The store's database file; one on a server has its evidence and accounts in this file's folder.
        mission: The mission's name.
        address: The store's address on a server; empty is the file.
        around: Further variables of its environment.
    """

    def __init__(
        self,
        store: Path,
        mission: str = "karabakh-2020",
        address: str = "",
        around: Mapping[str, str] | None = None,
    ) -> None:
        self.store, self.mission = store, mission
        self._address, self._around = address or f"sqlite:///{store}", around or {}
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._links: dict[str, str] = {}
        self._process: subprocess.Popen[str] | None = None
        self.n_starts, self.n_given_up = 0, 0

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._links = {}
        words = ["-m", "truceline", "serve", "--mission", self.mission, "--store", self._address]
        words += ["--evidence", str(self.store.parent / "evidence")]
        self._process = subprocess.Popen(
            [sys.executable, *words, "--demo", "--bind", f"localhost:{self.port}"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
            env={**os.environ, **self._around},
        )  # fmt: skip
        threading.Thread(target=self._read, args=(self._process,), daemon=True).start()
        self.n_starts += 1
        self.wait()

    def _read(self, process: subprocess.Popen[str]) -> None:
        log = self.store.parent / "service.log"
        with log.open("a", encoding="utf-8") as kept:
            for line in process.stdout or ():
                kept.write(line)
                kept.flush()
                if found := _LINK.search(line):
                    self._links[found[1]] = found[2]

    def wait(self, within_s: float = 60.0) -> None:
        """Wait until it answers and has told the links; where it ended by itself, start it again as its supervisor does.

        A worker that is killed again as soon as it was started looks like one that cannot run, and the server gives up.
        """
        until = time.monotonic() + within_s
        while time.monotonic() < until:
            if self._process is not None and self._process.poll() is not None:
                self.n_given_up += 1
                self.start()
                return
            try:
                if self.ask("GET", "/healthz")[0] == 200 and len(self._links) == 2:
                    return
            except OSError:
                pass
            time.sleep(0.1)
        log = self.store.parent / "service.log"
        told = log.read_text(encoding="utf-8").splitlines()[-30:] if log.is_file() else []
        raise SystemExit("\n".join(["the service does not answer; the last that it said:", *told]))

    def ask(
        self, method: str, path: str, cookie: str = "", body: Any = None, key: str = ""
    ) -> tuple[int, Any]:
        """Ask once, over a connection of its own."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            return ask(link, method, path, cookie, body, key)
        finally:
            link.close()

    def door(self, letter: str) -> str:
        """The address by which a browser signs an officer in; a session is bound to the program that began it."""
        return f"http://localhost:{self.port}/sign-in/{self._links[letter]}"

    def sign_in(self, letter: str) -> str:
        """Sign an officer in; the cookie."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            link.request("GET", f"/sign-in/{self._links[letter]}")
            answer = link.getresponse()
            answer.read()
            return (answer.getheader("set-cookie") or "").split(";")[0]
        finally:
            link.close()

    def kill(self, *, worker_alone: bool = False) -> None:
        """Kill it as a power cut would: the whole of it, or the process that answers alone."""
        if self._process is None:
            return
        if worker_alone and (pids := self._workers()):
            for pid in pids:
                os.kill(pid, signal.SIGKILL)
            self._links = {}
            return
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def limit_files(self, size: int) -> None:
        """Let its worker write no file beyond a size, as on a disk that is full; -1 lifts it."""
        for pid in self._workers():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def _workers(self) -> list[int]:
        if self._process is None:
            return []
        listed = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        return [int(word) for word in listed.read_text().split()] if listed.is_file() else []

    def stop(self) -> None:
        """Stop it as an operator does."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.kill()

    def memory_mb(self) -> float:
        """Resident memory of all its processes, MB."""
        pids = [self._process.pid, *self._workers()] if self._process else []
        kb = 0
        for pid in pids:
            for line in Path(f"/proc/{pid}/status").read_text().splitlines():
                if line.startswith("VmRSS"):
                    kb += int(line.split()[1])
        return kb / 1024


def ask(
    link: http.client.HTTPConnection,
    method: str,
    path: str,
    cookie: str = "",
    body: Any = None,
    key: str = "",
) -> tuple[int, Any]:
    """Ask over a connection that stays open; the status, and the JSON of the answer."""
    headers = {"Accept": "application/json"}
    if cookie:
        headers["Cookie"] = cookie
        headers[CSRF_HEADER] = csrf_of(cookie.partition("=")[2])
    if key:
        headers["Idempotency-Key"] = key
    data = None
    if body is not None:
        data = json.dumps(body).encode()
        headers["Content-Type"] = "application/json"
    link.request(method, path, body=data, headers=headers)
    answer = link.getresponse()
    read = answer.read()
    is_json = "json" in (answer.getheader("content-type") or "")
    return answer.status, json.loads(read) if is_json and read else None


class Listener(threading.Thread):
    """A console that listens, and comes back with the number of the last event that it heard."""

    def __init__(self, service: Service, letter: str) -> None:
        super().__init__(daemon=True)
        self.service, self.letter = service, letter
        self.heard: dict[int, float] = {}
        self.n_connections = 0
        self.ending = threading.Event()

    def run(self) -> None:
        """Listen until told to end."""
        last = ""
        while not self.ending.is_set():
            link = http.client.HTTPConnection("127.0.0.1", self.service.port, timeout=5)
            try:
                headers = {"Cookie": self.service.sign_in(self.letter), "Accept": "text/event-stream"}
                if last:
                    headers["Last-Event-ID"] = last
                link.request("GET", "/api/v1/events", headers=headers)
                answer = link.getresponse()
                self.n_connections += 1
                while not self.ending.is_set() and (line := answer.readline()):
                    if line.startswith(b"id: ") and line.endswith(b"\n"):
                        last = line[4:].strip().decode()
                        self.heard.setdefault(int(last), time.monotonic())
            except (OSError, http.client.HTTPException, KeyError):
                time.sleep(0.2)
            finally:
                link.close()
