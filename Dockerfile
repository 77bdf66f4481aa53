# The image has one static program, certificates and a folder for the SQLite file: no
# shell, no package manager, no privileged user. Two builds from the same source with
# the same CREATED and timestamp are identical, byte for byte.
#
#   docker build --build-arg VERSION=v1.2.3 -t meetingbot .
#
# deploy/compose shows how to run it, with secrets from files.

FROM golang:1.26 AS build
WORKDIR /src

# Modules rarely change, so they get their own layer and are rarely downloaded again.
COPY go.mod go.sum ./
RUN go mod download

COPY . .
ARG VERSION=devel
# Without cgo the program needs no C library; our SQLite is written in Go.
# The folders are created here because the next stage has no mkdir.
RUN CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w -X main.release=$VERSION" -o /out/meetingbot . \
    && mkdir -p /out/folders/data && mkdir -m 1777 /out/folders/tmp

FROM scratch
ARG VERSION=devel
ARG REVISION=unknown
ARG CREATED=unknown
LABEL org.opencontainers.image.title="meetingbot" \
      org.opencontainers.image.description="Cancels Huawei Cloud meetings from Slack, after showing which one and asking" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.created="$CREATED"

COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build --chown=65532:65532 /out/folders /
COPY --from=build /out/meetingbot /meetingbot

# Numeric, so that Kubernetes can tell that this isn't root.
USER 65532:65532
WORKDIR /data
VOLUME /data
# Without DATABASE_URL, the state is in this folder. Keep it on a volume, so that
# cancellations survive a restart.
ENV DATABASE_URL=sqlite:/data/meetingbot.db
EXPOSE 8080

# No HEALTHCHECK: it would need another program in the image. Probe from outside:
# GET /healthz (alive) and /readyz (connected) on 8080.

# Docker waits 10 s after SIGTERM, less than SHUTDOWN_TIMEOUT's 20 s, so the compose
# files set stop_grace_period. With docker run, use --stop-timeout 30.
STOPSIGNAL SIGTERM
ENTRYPOINT ["/meetingbot"]
