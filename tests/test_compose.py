"""`compose.yaml`: only the proxy can be reached, nobody is root, and its settings are ones that the program knows."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.config import read_config
from index.address import read_address

COMPOSE: dict[str, Any] = yaml.safe_load((Path(__file__).parent.parent / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]


def test_only_the_proxy_can_be_reached_and_only_from_this_machine() -> None:
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"proxy"}
    assert all(port.startswith("127.0.0.1:") for port in SERVICES["proxy"]["ports"])
    open_networks = {name for name, network in COMPOSE["networks"].items() if not (network or {}).get("internal")}
    assert {name for name, service in SERVICES.items() if open_networks & {*service["networks"]}} == {"proxy"}
    assert not {"proxy"} & {name for name, service in SERVICES.items() if "data" in service["networks"]}


@pytest.mark.parametrize("name", SERVICES)
def test_no_service_is_root_or_can_write_its_own_files(name: str) -> None:
    service = SERVICES[name]
    assert (service["user"] not in ("", "0", "root"), service["read_only"], service["cap_drop"]) == (
        True,
        True,
        ["ALL"],
    )


def test_only_the_build_writes_the_index_and_it_is_not_left_running() -> None:
    index = {name: volume for name, s in SERVICES.items() for volume in s.get("volumes", []) if "index:" in volume}
    assert {name for name, volume in index.items() if not volume.endswith(":ro")} == {"build"}
    assert "restart" not in SERVICES["build"]


@pytest.mark.parametrize("name", ["app-1", "app-2", "build"])
def test_the_settings_are_known_and_lead_to_the_other_services(name: str) -> None:
    config = read_config(SERVICES[name]["environment"])
    assert read_address(config.chroma_url).url == "http://chroma:8000"
    assert "@postgres/" in config.store
    assert {"chroma", "postgres"} <= {n for n, service in SERVICES.items() if "data" in service["networks"]}


def test_every_service_that_stays_has_a_health_check() -> None:
    assert {name for name, service in SERVICES.items() if "healthcheck" not in service} == {"build"}
