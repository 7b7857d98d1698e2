"""`python app.py`: where it listens, and the one sentence that it says when it can't."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import app
from demo.door import accounts

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


# ---- Limits, names and accounts -------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ["--max-jobs", "0"],
        ["--max-jobs", "many"],
        ["--max-visitors", "-1"],
        ["--allow-host", "http://lab.example"],
        ["--auth-file", "no-such-file"],
        ["--auth-file", "README.md"],
    ],
    ids=" ".join,
)
def test_a_bad_limit_name_or_file_gives_one_sentence(arguments, capsys):
    with pytest.raises(SystemExit) as end:
        app.chosen_options(arguments)
    said = capsys.readouterr().err
    assert end.value.code == 2
    assert len(said.splitlines()) == 1
    assert arguments[0] in said


def test_limits_and_names_come_from_options_and_the_environment(monkeypatch):
    monkeypatch.setenv("LAB_MAX_JOBS", "3")
    monkeypatch.setenv("LAB_MAX_VISITORS", "40")
    monkeypatch.setenv("LAB_ALLOW_HOST", "a.example,B.example:443")
    options = app.chosen_options(["--max-jobs", "4", "--allow-host", "c.example"])
    assert (options.max_jobs, options.max_visitors) == (4, 40)
    assert sorted(options.allow_host) == ["a.example", "b.example", "c.example"]


def test_a_bad_value_in_the_environment_names_its_variable(monkeypatch, capsys):
    monkeypatch.setenv("LAB_ALLOW_HOST", "a b")
    with pytest.raises(SystemExit):
        app.chosen_options([])
    assert "LAB_ALLOW_HOST" in capsys.readouterr().err


def test_only_the_right_password_of_a_name_opens_the_lab(tmp_path):
    file = tmp_path / "accounts.txt"
    lines = [accounts.line_for(name, f"password of {name}") for name in ("anna", "ben")]
    file.write_text("# the class\n\n" + "\n".join(lines), encoding="utf-8")
    known = accounts.read(file)
    tries = [("anna", "password of anna"), ("anna", "password of ben"), ("", ""), ("carl", "x")]
    assert [known.knows(*one) for one in tries] == [True, False, False, False]


def test_a_password_is_hashed_as_the_standard_has_it():
    """RFC 7914, section 12, the beginning of its third example."""
    line = accounts.line_for("anna", "pleaseletmein", b"SodiumChloride")
    digest = "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
    assert line == f"anna:scrypt:{b'SodiumChloride'.hex()}:{digest}"


@pytest.mark.parametrize(
    "line",
    ["anna", "anna:secret", "anna:scrypt:00:00", "anna:md5:" + "00" * 16 + ":" + "00" * 32, ":::"],
)
def test_a_line_that_no_command_made_is_named_by_its_number_alone(line, tmp_path):
    file = tmp_path / "accounts.txt"
    file.write_text(f"# class\n{line}\n", encoding="utf-8")
    with pytest.raises(accounts.AccountsError) as refusal:
        accounts.read(file)
    assert "line 2" in str(refusal.value)
    assert "anna" not in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "password"), [("", "long enough"), ("a:b", "long enough"), ("a", "short")]
)
def test_a_name_or_password_that_the_file_could_not_hold_is_refused(name, password):
    with pytest.raises(accounts.AccountsError):
        accounts.line_for(name, password)
