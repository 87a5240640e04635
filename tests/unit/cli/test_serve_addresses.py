"""Where the service may listen: the loopback, or with TLS."""

from __future__ import annotations

import socket

import pytest
from click.testing import CliRunner

from truceline.cli.root import truceline


@pytest.mark.parametrize("bind", ["0.0.0.0:8460", "192.0.2.1:8460", "[::]:8460", "centre.example:443"])
def test_an_address_that_others_reach_needs_tls(bind: str) -> None:
    done = CliRunner().invoke(truceline, ["serve", "--mission", "karabakh-2020", "--bind", bind])
    assert done.exit_code != 0
    assert "needs TLS" in str(done.exception)


def test_an_address_that_another_program_answers_is_refused_and_never_shared() -> None:
    with socket.create_server(("127.0.0.1", 0), reuse_port=True) as other:
        bind = f"localhost:{other.getsockname()[1]}"
        done = CliRunner().invoke(truceline, ["serve", "--mission", "karabakh-2020", "--bind", bind])
    assert done.exit_code != 0
    assert "cannot listen there" in str(done.exception)
