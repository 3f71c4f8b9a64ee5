# The server and its commands, as a user without rights, for a read-only root file system. docs/install.md says how to run it.
FROM python:3.13-slim-trixie AS build
WORKDIR /build
RUN python -m venv /opt/keytrail
COPY requirements/runtime.txt ./
RUN /opt/keytrail/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --only-binary=:all: -r runtime.txt
COPY pyproject.toml README.md LICENSE ./
COPY app ./app
COPY templates ./templates
COPY static ./static
COPY migrations ./migrations
COPY locales ./locales
COPY docs ./docs
RUN /opt/keytrail/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps . \
    && /opt/keytrail/bin/python -m compileall -q /opt/keytrail/lib

FROM python:3.13-slim-trixie
RUN useradd --uid 10001 --user-group --home-dir /data --no-create-home --shell /usr/sbin/nologin keytrail \
    && install --directory --owner=keytrail --group=keytrail --mode=700 /data
COPY --from=build /opt/keytrail /opt/keytrail
ENV PATH=/opt/keytrail/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    KEYTRAIL_DATA_DIR=/data \
    KEYTRAIL_HOST=0.0.0.0 \
    KEYTRAIL_PORT=8000
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ['KEYTRAIL_PORT'] + '/healthz', timeout=4)"]
ENTRYPOINT ["keytrail"]
CMD ["serve"]
