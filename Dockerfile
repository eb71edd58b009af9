# A drop-in AWS endpoint for projects in any language: what `shakedown up` serves.
#
#   make image
#   docker run --rm -p 127.0.0.1:4566:4566 -p 127.0.0.1:8883:8883 shakedown:dev
#
# AWS API and device API on 4566, MQTT over TLS on 8883. In a container loopback is
# nobody's: it listens on all addresses, and -p says who may reach them. What comes
# behind the image's name is added to `shakedown up`, such as --pipeline none.
#
# The build context is bin/image, where `make image` puts a static binary.
FROM scratch
ARG TARGETARCH
COPY ${TARGETARCH}/shakedown /shakedown
USER 65532:65532
EXPOSE 4566 8883
STOPSIGNAL SIGTERM
ENTRYPOINT ["/shakedown", "up", "--endpoint", "0.0.0.0:4566", "--mqtt", "0.0.0.0:8883", "--console", "none"]
