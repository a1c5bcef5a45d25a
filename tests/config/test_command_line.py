"""`jalon COMMAND`: the same answers and exit codes whether a server does it over its socket or the command by itself."""

from __future__ import annotations

import json
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

import pytest
from django.utils import translation

from jalon.config import cli, commands, program, wiring
from jalon.web.messages import compile_stale
from tests.config.houses import Answer, House
from tests.leftovers import prefix
from tests.waiting import until


@pytest.fixture(scope="module", params=["alone", "beside a server"])
def house(request: pytest.FixtureRequest) -> Iterator[House]:
    """A home in which commands are typed, with and without a server."""
    with TemporaryDirectory(prefix=prefix("test"), ignore_cleanup_errors=True) as folder, ExitStack() as stack:
        house = House(Path(folder) / "home")
        if request.param == "beside a server":
            stack.enter_context(house.serving())
            until(lambda: (house.home / "jalon.sock").exists())
        yield house


def test_a_command_answers_people_in_sentences(house: House) -> None:
    answer = house.jalon("warehouse", "status")
    assert (answer.code, answer.err) == (0, "")
    assert "contacts" in answer.out
    assert "Nothing waits to be synced." in answer.out


def test_a_command_answers_scripts_in_json(house: House) -> None:
    answer = house.jalon("warehouse", "status", "--json")
    assert answer.code == 0
    assert json.loads(answer.out)["tables"]["contacts"] == 0


def test_a_table_is_one_json_object_a_line(house: House) -> None:
    house.jalon("user", "create", "zoe@moreau.example", "--name", "Zoé")
    answer = house.jalon("user", "list", "--json")
    assert [json.loads(line)["name"] for line in answer.out.splitlines()] == ["Zoé"]


def test_a_refusal_is_one_sentence_and_exit_code_one(house: House) -> None:
    answer = house.jalon("user", "create", "not an address")
    assert answer.code == 1
    assert answer.out == ""
    assert answer.err.count("\n") == 1
    assert "Traceback" not in answer.err


@pytest.mark.parametrize("typed", [("warehouse", "status", "--nonsense"), ("nonsense",), ("user", "create")])
def test_what_cannot_be_understood_ends_with_exit_code_two(house: House, typed: tuple[str, ...]) -> None:
    answer = house.jalon(*typed)
    assert answer.code == 2
    assert answer.out == ""
    assert "--help" in answer.err


def test_a_rebuild_makes_the_columns_again(house: House) -> None:
    assert json.loads(house.jalon("warehouse", "rebuild", "--json").out) == {"records": 0}


def test_an_upgrade_is_safe_to_run_again(house: House) -> None:
    assert [house.jalon("upgrade").code for _ in range(2)] == [0, 0]


def test_a_relative_path_is_meant_from_where_the_command_was_typed(house: House, tmp_path: Path) -> None:
    answer = house.jalon("report", "run", "--definition", "missing.json", folder=tmp_path)
    assert answer.code == 2
    assert str(tmp_path / "missing.json") in answer.err
    assert "Traceback" not in answer.err


def test_who_has_read_enough_ends_the_command_without_a_word(tmp_path: Path) -> None:
    """`jalon … --json | head`: a server of many lines, and a reader of one."""
    home = tmp_path / "h"
    home.mkdir()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(home / "jalon.sock"))
        server.listen()
        answering = Thread(target=_answer, args=(server,))
        answering.start()
        with House(home).start("report", "run", "--json") as reader:
            assert reader.stdout and reader.stderr
            assert json.loads(reader.stdout.readline()) == {"contacts": 1}
            reader.stdout.close()
            assert reader.stderr.read() == ""
        answering.join()
    assert reader.returncode == cli.UNHEARD


def _answer(server: socket.socket) -> None:
    caller, _ = server.accept()
    with caller, suppress(BrokenPipeError, ConnectionResetError):
        for _ in range(20_000):
            caller.sendall(b'{"json": {"contacts": 1}}\n')
        caller.sendall(b'{"exit": 0}\n')


def test_help_needs_no_house(tmp_path: Path) -> None:
    nowhere = House(tmp_path / "never made")
    answer = nowhere.jalon("--help")
    assert answer.code == 0
    assert {"serve", "worker", "upgrade", "warehouse", "user", "demo"} <= set(answer.out.split())
    assert not nowhere.home.exists()


def test_help_and_start_up_speak_the_language_of_the_terminal(tmp_path: Path) -> None:
    nowhere = House(tmp_path / "never made")
    compile_stale()
    assert "Fait tourner Jalon" in in_french(nowhere, "--help").out
    told = in_french(nowhere, "export", "--help").out
    assert [words for words in ("Écrit des fiches", "Affiche cette aide", "[obligatoire]", "Répond en JSON") if words not in told] == []
    refused = in_french(House(Path("/proc/no-such-folder")), "serve", "--port", "0")
    assert (refused.code, refused.err.startswith("Jalon ne peut pas écrire dans /proc/no-such-folder")) == (2, True)


def in_french(house: House, *arguments: str) -> Answer:
    return house.jalon(*arguments, LANG="fr_FR.UTF-8", LC_ALL="", LC_MESSAGES="")


def test_every_help_of_every_command_has_its_french() -> None:
    compile_stale()
    with translation.override("en"):
        english = helps(program.build((*commands.OWN, *wiring.commands()), lambda command, arguments: None))
    with translation.override("fr"):
        french = helps(program.build((*commands.OWN, *wiring.commands()), lambda command, arguments: None))
    assert len(english) > 80
    assert [told for name, told in english.items() if told == french[name]] == []


def helps(command: Any, name: str = "jalon") -> dict[str, str]:
    """Everything that `--help` says of a command and of those under it, by its place."""
    found = {name: command.help} | {f"{name} {part.name}": part.help for part in command.params if part.name != "help"}
    for own, each in getattr(command, "commands", {}).items():
        found |= helps(each, f"{name} {own}")
    return {place: told for place, told in found.items() if told}


def test_an_unreadable_file_of_columns_is_named_and_made_again(short_folder: Path) -> None:
    house = House(short_folder / "home")
    house.jalon("upgrade")
    (house.home / "warehouse" / "columns.duckdb").write_bytes(b"not the columns" * 1000)
    refused = house.jalon("serve", "--port", "0")
    assert refused.code == 2
    assert "jalon warehouse rebuild" in refused.err
    assert "Traceback" not in refused.err
    assert house.jalon("warehouse", "rebuild").code == 0
    with house.serving() as server:
        assert server.get("/health").status_code == 200


def test_a_command_beside_a_server_that_was_killed_opens_the_house_itself(short_folder: Path) -> None:
    house = House(short_folder / "home")
    with house.serving() as server:
        server.end(signal.SIGKILL)
    assert (house.home / "jalon.sock").exists()
    assert house.jalon("warehouse", "status").code == 0


def test_ctrl_c_ends_a_command_and_leaves_the_server_at_work(short_folder: Path) -> None:
    house = House(short_folder / "home")
    with house.serving() as server:
        demo = house.start("demo", "--contacts", "200000")
        until(lambda: _records(house) > 0)
        demo.send_signal(signal.SIGINT)
        _, said = demo.communicate(timeout=150)
        assert demo.returncode == 130, said
        assert "Cancelled." in said
        assert server.get("/health").status_code == 200


def test_ctrl_c_ends_a_command_and_closes_its_house(short_folder: Path) -> None:
    house = House(short_folder / "home")
    demo = house.start("demo", "--contacts", "200000")
    until(lambda: (house.home / "warehouse" / "columns.duckdb").exists())
    demo.send_signal(signal.SIGINT)
    _, said = demo.communicate(timeout=150)
    assert demo.returncode == 130, said
    assert "Traceback" not in said
    assert not house.postgres_runs()


def _records(house: House) -> int:
    records: int = json.loads(house.jalon("warehouse", "status", "--json").out)["records"]
    return records


@pytest.mark.parametrize(
    ("typed", "options"),
    [
        (["serve"], {}),
        (["serve", "--port", "8080", "--host", "0.0.0.0", "--open", "--json"], {"port": 8080, "host": "0.0.0.0", "open_": True}),
        (["serve", "--port", "70000"], None),
        (["serve", "--port"], None),
        (["serve", "--help"], None),
        (["demo"], None),
        ([], None),
    ],
)
def test_plain_options_of_a_server_are_read_at_once_and_all_others_are_left_to_typer(typed: list[str], options: object) -> None:
    assert cli.plain_serve(typed) == options
