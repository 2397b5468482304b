"""Server of the studio: services, API, sign-in and pages behind the guard, with start and shutdown."""

from __future__ import annotations

import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib import metadata, resources

import fastapi
import uvicorn
from fastapi.staticfiles import StaticFiles
from starlette.middleware.gzip import GZipMiddleware
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from xisuan.errors import StoreError, XisuanError
from xisuan.operating_system import system
from xisuan.studio import dash_app
from xisuan.studio.api import routes
from xisuan.studio.configuration import Configuration
from xisuan.studio.failures import App, Failures
from xisuan.studio.server_paths import hide
from xisuan.studio.services.all_services import Services
from xisuan.studio.storage.database_schema import connect
from xisuan.studio.storage.upkeep import UpkeepStore
from xisuan.studio.web import sign_in
from xisuan.studio.web.middleware import Guard
from xisuan.studio.web.request_bodies import Bodies

LEAST_COMPRESSED = 1000


def make_app(services: Services) -> App:
    """Return the application behind its middleware."""

    @asynccontextmanager
    async def lifespan(_app: fastapi.FastAPI) -> AsyncIterator[None]:
        services.open()
        yield
        services.close()

    app = fastapi.FastAPI(
        title="xisuan studio",
        version=metadata.version("xisuan"),
        description="Plan a region's computing-power network: scenarios, tables, runs and reports.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=lifespan,
    )
    app.add_middleware(Failures)
    app.add_middleware(GZipMiddleware, minimum_size=LEAST_COMPRESSED)
    routes.install(app, services)
    sign_in.install(app, services)
    app.mount("/look", StaticFiles(directory=str(resources.files("xisuan.studio").joinpath("static"))))
    hashes = dash_app.install(app, services)
    guard = Guard(Bodies(app), services.configuration, services.store, hashes)
    proxies = list(services.configuration.proxies)
    return ProxyHeadersMiddleware(guard, proxies) if proxies else guard  # type: ignore[arg-type, return-value]


@contextmanager
def open_services(configuration: Configuration) -> Iterator[Services]:
    """Return a services on a data folder that no other server uses. Raises StoreError."""
    folder = configuration.data
    hide(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        os.chmod(folder, 0o700)
        lock = (folder / "lock").open("w")
    except OSError as problem:
        raise StoreError(f"{folder} cannot be used: {problem.strerror}") from None
    with lock:
        try:
            system.lock_file(lock)
        except OSError:
            raise StoreError(f"another studio uses {folder}; end it first, or give another --data") from None
        yield Services(configuration, UpkeepStore(connect(configuration.url)))


class AddressError(XisuanError):
    """The address of the studio cannot be used, for instance because another program uses its port."""

    exit_code = 1


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """Return a socket that listens at an address. Raises AddressError."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.create_server((host, port), family=family)
    except OSError as problem:
        raise AddressError(
            f"{host}, port {port}: {problem.strerror}; give another --port, or end the program that uses it"
        ) from None
    with listener:
        yield listener


def serve(services: Services, listener: socket.socket) -> None:
    """Answer requests until interrupted."""
    settings = uvicorn.Config(
        make_app(services),
        log_level="warning",
        proxy_headers=False,  # only from the proxies of the configuration, see `made`
        server_header=False,
        date_header=False,
        ws="none",
        timeout_graceful_shutdown=3,
        timeout_keep_alive=30,
    )
    uvicorn.Server(settings).run(sockets=[listener])
