import json
import logging.config
import socket

import pytest
import structlog
from tests.cli.places import run

from herenow.cli.serve import require_free
from herenow.errors import Unavailable
from herenow.logs import log_as_json, server_log_config


def test_a_taken_port_is_told_with_another():
    """Before any process is started."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        told = run("serve", "--port", port, expect=1).stderr
    assert f"port {port} of 127.0.0.1 is taken" in told
    assert f"--port {port + 1}" in told


def test_an_address_of_another_machine_is_told():
    """What the system says comes along."""
    with pytest.raises(Unavailable, match="cannot listen on"):
        require_free("192.0.2.1", 8080)


def test_logs_are_json_lines_from_the_level_on(capsys):
    """Ours and the server's own alike, on standard error."""
    log_as_json("warning")
    structlog.get_logger("test").info("hidden")
    structlog.get_logger("test").warning("shown", scope="a/b")
    logging.config.dictConfig(server_log_config())
    logging.getLogger("_granian").info("listening")
    logging.getLogger("_granian").handlers.clear()
    ours, theirs = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert (ours["event"], ours["level"], ours["scope"]) == ("shown", "warning", "a/b")
    assert (theirs["event"], theirs["level"]) == ("listening", "info")
