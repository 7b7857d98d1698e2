"""`python app.py`: where it listens, and the one sentence that it says when it can't."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import app

ROOT = Path(__file__).resolve().parent.parent


def refused(*arguments: str, **environment: str) -> tuple[int, str]:
    """Exit status and all that is printed by an app.py that should not start."""
    finished = subprocess.run(
        [sys.executable, "app.py", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return finished.returncode, (finished.stdout + finished.stderr).strip()


def test_a_port_in_use_gives_one_sentence():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        status, said = refused("--port", port)
    assert status == 1
    assert port in said
    assert "--port" in said
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize("port", ["0", "65536", "-1", "seven", "", "78 60", "٣", "9" * 5000])
def test_a_port_that_is_none_gives_one_sentence(port):
    status, said = refused(f"--port={port}")
    assert status == 2
    assert len(said.splitlines()) == 1


def test_an_unknown_option_gives_one_sentence():
    status, said = refused("--porth", "7860")
    assert status == 2
    assert "--porth" in said
    assert len(said.splitlines()) == 1


def test_a_host_that_does_not_exist_gives_one_sentence():
    status, said = refused("--host", "no-such-host.invalid", "--port", "7999")
    assert status == 1
    assert "no-such-host.invalid" in said
    assert len(said.splitlines()) == 1


def test_a_bad_port_in_the_environment_gives_one_sentence():
    status, said = refused(GRADIO_SERVER_PORT="many")
    assert status == 2
    assert "many" in said
    assert len(said.splitlines()) == 1


def test_the_environment_names_host_and_port(monkeypatch):
    monkeypatch.setenv("GRADIO_SERVER_NAME", "0.0.0.0")
    monkeypatch.setenv("GRADIO_SERVER_PORT", "8123")
    address = app.chosen_options([])
    assert (address.host, address.port) == ("0.0.0.0", 8123)


def test_options_win_over_the_environment(monkeypatch):
    monkeypatch.setenv("GRADIO_SERVER_NAME", "0.0.0.0")
    monkeypatch.setenv("GRADIO_SERVER_PORT", "8123")
    address = app.chosen_options(["--host", "127.0.0.1", "--port", "7871"])
    assert (address.host, address.port) == ("127.0.0.1", 7871)


def test_without_any_wish_it_listens_on_this_machine_alone(monkeypatch):
    monkeypatch.delenv("GRADIO_SERVER_NAME", raising=False)
    monkeypatch.delenv("GRADIO_SERVER_PORT", raising=False)
    address = app.chosen_options([])
    assert (address.host, address.port) == ("127.0.0.1", 7860)
