from dataclasses import fields

import pytest
from tests.docs.pages import rows, section, text_of

from herenow.api.metrics import RequestMetrics
from herenow.settings import ENVIRONMENT_PREFIX, Settings

TOLD = {
    cells[0].strip("`"): cells[1].strip("`") for cells in rows(section(text_of("running.md"), "Settings"))
}


@pytest.mark.parametrize("name", [each.name for each in fields(Settings)])
def test_every_setting_is_told_with_its_default(name: str) -> None:
    """running.md lists each variable with the default that the code has."""
    default = next(each.default for each in fields(Settings) if each.name == name)

    assert TOLD[ENVIRONMENT_PREFIX + name.upper()] == (str(default) or "empty")


def test_no_other_setting_is_told() -> None:
    """Every variable of the table is read by the server."""
    assert set(TOLD) == {ENVIRONMENT_PREFIX + each.name.upper() for each in fields(Settings)}


def test_every_metric_is_told() -> None:
    """running.md names each metric that the server exposes."""
    exposed = {
        line.split()[2]
        for line in RequestMetrics().exposition().decode().splitlines()
        if line.startswith("# HELP")
    }
    watching = section(text_of("running.md"), "Watching it")

    assert exposed
    assert all(f"`{name}{{" in watching or f"`{name}`" in watching for name in exposed)
