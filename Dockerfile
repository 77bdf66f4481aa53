# The image holds one static program, certificates, time zones and a folder for
# the SQLite file: no shell, no package manager, nobody with rights.
#
#   docker build --build-arg VERSION=v1.2.3 -t meetingbot .
#   docker run --env-file .env -v meetingbot:/data -p 8080:8080 meetingbot

FROM golang:1.26 AS build
WORKDIR /src

# The modules change seldom: in a layer of their own they are fetched seldom.
COPY go.mod go.sum ./
RUN go mod download

COPY . .
ARG VERSION=devel
# Without cgo the program needs no C library: SQLite is Go code here.
# The folders must be there to be copied: the next stage has no mkdir.
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
# People read times in their own zone; Go's file holds all zones in 0.4 MB.
COPY --from=build /usr/local/go/lib/time/zoneinfo.zip /
ENV ZONEINFO=/zoneinfo.zip
COPY --from=build --chown=65532:65532 /out/folders /
COPY --from=build /out/meetingbot /meetingbot

# By number, so that Kubernetes can see that this is not root.
USER 65532:65532
WORKDIR /data
VOLUME /data
# Without DATABASE_URL the state is in this folder. Keep it: it is what makes a
# cancellation survive a restart.
ENV DATABASE_URL=sqlite:/data/meetingbot.db
EXPOSE 8080

# No HEALTHCHECK: it would have to run a program inside, and there is none but
# the bot. Ask from outside: GET /healthz (alive) and /readyz (connected) on 8080.

# Docker's own wait after SIGTERM is 10 s, shorter than SHUTDOWN_TIMEOUT's 20 s:
# give it more with --stop-timeout 30, as the compose files do.
STOPSIGNAL SIGTERM
ENTRYPOINT ["/meetingbot"]
