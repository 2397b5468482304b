# The studio for a department. `docker compose up` starts it with PostgreSQL; see compose.yaml.
FROM python:3.13-slim-trixie AS build
WORKDIR /build
COPY . .
RUN pip wheel --no-cache-dir --wheel-dir /wheels ./packages/gnomon ".[studio,postgres]"

FROM python:3.13-slim-trixie
RUN useradd --uid 10001 --create-home xisuan \
    && install --directory --owner=xisuan --mode=0700 /data
RUN --mount=type=bind,from=build,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --find-links /wheels "xisuan[studio,postgres]"
USER xisuan
WORKDIR /home/xisuan
VOLUME /data
EXPOSE 8050
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8050/health', timeout=4)"]
ENTRYPOINT ["xisuan", "studio", "--data", "/data"]
CMD ["--host", "0.0.0.0", "--port", "8050"]
