"""`xisuan studio`: serve the studio."""

from __future__ import annotations

import importlib
import ipaddress
import logging
import os
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import click
from click.core import ParameterSource

from xisuan import extras
from xisuan.cli.terminal import output, shared_options
from xisuan.errors import StoreError

ROLES = ("viewer", "planner", "administrator")
PASSWORD, DATABASE = "XISUAN_PASSWORD", "XISUAN_DATABASE"


@click.command("studio", epilog="Example:  xisuan studio --port 8050 --data studio")
@click.option("--port", type=click.IntRange(1, 65535), default=8050, show_default=True, help="Port to listen on.")
@click.option("--host", default="127.0.0.1", show_default=True,
              help="Address to listen on. Any address but this machine's own needs accounts.")  # fmt: skip
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), default=Path("studio"), show_default=True,
              help="Folder for scenarios, runs and the database.")  # fmt: skip
@click.option(
    "--database",
    default="",
    envvar=DATABASE,
    help=f"postgresql://… instead of SQLite in the data folder. An address with a password is given in {DATABASE} only.",
)
@click.option(
    "--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Number of runs at the same time."
)
@click.option(
    "--memory", type=click.IntRange(500), default=10_000, show_default=True, help="Memory limit of one run, MB."
)
@click.option("--user-runs", type=click.IntRange(1), help="Maximum number of runs of one user; no limit unless given.")
@click.option("--user-mb", type=click.IntRange(1),
              help="Maximum size of one user's runs and scenarios, MB; no limit unless given.")  # fmt: skip
@click.option("--name", "names", multiple=True, help="Further host name of the studio.")
@click.option("--https", is_flag=True, help="The studio is reached by https, through a proxy.")
@click.option("--proxy", "proxies", multiple=True, metavar="ADDRESS",
              help="Address or network of the proxy whose X-Forwarded-For header is trusted.")  # fmt: skip
@click.option("--add-user", "add_user", help="Add an account with this name and exit.")
@click.option("--role", type=click.Choice(ROLES), default="planner", show_default=True, help="Role of that account.")
@shared_options.json
@shared_options.debug
def command(port: int, host: str, data: Path, database: str, workers: int, memory: int,
            user_runs: int | None, user_mb: int | None, names: tuple[str, ...], https: bool, proxies: tuple[str, ...],
            add_user: str | None, role: str, as_json: bool) -> None:  # fmt: skip
    """Serve the studio: scenarios, tables, runs and reports in the browser, and a REST API for the same.

    For one person it prints an address that lets one browser in. For a department: add accounts with --add-user (the
    password is asked for, or taken from XISUAN_PASSWORD), then listen on --host, behind a proxy with https.
    """
    if click.get_current_context().get_parameter_source("database") is ParameterSource.COMMANDLINE:
        _refuse_password(database)
    _refuse_networks(proxies)
    with extras.requiring("studio"):
        setup = importlib.import_module("xisuan.studio.configuration")
        server = importlib.import_module("xisuan.studio.server")
    limits = setup.Limits(run_mb=memory, user_runs=user_runs or 0, user_mb=user_mb or 0)
    configuration = setup.Configuration(data, host, port, database, workers, names, https, proxies, limits)
    with server.open_services(configuration) as services:
        if add_user is not None:
            password = os.environ.get(PASSWORD) or click.prompt("Password", hide_input=True, confirmation_prompt=True)
            services.add_account(None, add_user, password, role)
            output.give_json({"name": add_user, "role": role}) if as_json else output.give(
                [f"{add_user} has an account now, as {role}"]
            )
            return
        if not configuration.local and not any(user["role"] == "administrator" for user in services.store.users()):
            raise StoreError(
                f"{host} can be reached from elsewhere, so the studio needs accounts; add an administrator first: "
                f"xisuan studio --data {data} --add-user NAME --role administrator"
            )
        with server.listening(host, port) as listener:
            logging.basicConfig(level=logging.WARNING, format="%(message)s")
            entry = importlib.import_module("xisuan.studio.web.sign_in")
            address = entry.entry_address(services) if configuration.local else f"http://{host}:{port}/"
            output.give_json({"url": address, "data": data}) if as_json else output.give(
                [f"The studio is open:  {address}"]
            )
            server.serve(services, listener)


def _refuse_password(database: str) -> None:
    """Raise StoreError where an address on the command line holds a password: everybody on the machine sees it there."""
    try:
        parts = urlsplit(database)
        holds = parts.password is not None or "password" in parse_qs(parts.query)
    except ValueError:  # the database says what is wrong with it
        return
    if holds:
        raise StoreError(
            "--database holds a password, which everybody on this machine can read in the list of processes; "
            f"put the address into the environment variable {DATABASE} instead, or the password into ~/.pgpass"
        )


def _refuse_networks(proxies: tuple[str, ...]) -> None:
    """Raise StoreError where a proxy is given by anything but an address or a network."""
    for proxy in proxies:
        try:
            ipaddress.ip_network(proxy, strict=False)
        except ValueError:
            raise StoreError(
                f"--proxy {proxy}: give an IP address or a network, such as 10.0.0.5 or 10.0.0.0/24"
            ) from None
