# Shakedown. `make run` is the first thing to try; `make help` lists the rest.

GO          ?= go
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.7.0
VERSION     := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS     := -s -w -X main.version=$(VERSION)
FUNCTIONS   := iot-stream-processor iot-alert-handler iot-device-status iot-device-presence iot-offline-sweep iot-device-api
LAMBDAARCH  ?= arm64 amd64
FUZZTIME    ?= 1m
BENCHTIME   ?= 10s
IMAGE       ?= shakedown:dev
ENGINE      := ./emulators/localstack/testdata/with-engine.sh
# ./... with the packages first whose tests take longest: no processor waits for the last of them
PACKAGES    := ./scenarios ./cmd/shakedown ./scenarios/explore ./...
E2E         := TestFeatures|TestHash.*|TestLibrary
export CGO_ENABLED ?= 0
SHELL       := bash

.PHONY: $(shell sed -n 's/^\([a-z0-9-]*\):.*\#\# .*/\1/p' $(MAKEFILE_LIST))

help: ## list the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-14s %s\n", $$1, $$2}'

build: ## build bin/shakedown
	$(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/shakedown ./cmd/shakedown

run: build ## run scenarios/quickstart.yaml on the embedded cloud
	bin/shakedown run scenarios/quickstart.yaml

test: test-unit test-race test-e2e test-clients ## everything: packages, race detector, Gherkin, stock clients

test-unit: ## the tests of every package, but for those of test-e2e; names what this machine skips, and why
	@set -o pipefail; $(GO) test -v -p 3 -skip '^($(E2E))$$' $(PACKAGES) 2>&1 | awk -f .ci/skipped.awk

test-race: ## the same with -short under the race detector, but for the library of test-e2e (needs cgo); names what -short leaves out
	@set -o pipefail; CGO_ENABLED=1 $(GO) test -v -race -short -skip '^TestLibrary$$' $(PACKAGES) 2>&1 | awk -f .ci/skipped.awk

test-e2e: ## the Gherkin suite and the scenario library with small fleets, at GOMAXPROCS 1 and 2: equal hashes
	$(GO) test -count=1 -run '^($(E2E))$$' ./features ./scenarios

test-terraform: build ## the source's architecture with the stock AWS provider: apply, plan again, destroy
	./cmd/shakedown/testdata/terraform.sh

test-long: ## the scenario library as written, ten times each with one hash, and 500 seeds of explore (two hours)
	SHAKEDOWN_LONG=1 GOGC=400 GOMEMLIMIT=3600MiB $(GO) test -count=1 -timeout 4h -run TestLibraryAsWritten -v ./scenarios
	$(MAKE) build
	bin/shakedown explore --seeds 500 --budget 30m

test-clients: build ## the source's firmware (paho) and CLI commands (aws, mosquitto_pub) against `shakedown up`
	./cmd/shakedown/testdata/stock-clients.sh

test-cli: build ## scripts of stock CLI calls, one a service, against `shakedown up`
	./cmd/shakedown/testdata/cli/run.sh

semantics: ## what of AWS.md and iot-sql-functions.md (SHAKEDOWN_AWS_MD, or beside the repository) has no test that cites it
	$(GO) test -count=1 -run '^(TestSemantics|TestRowsAre)' -v ./emulators ./emulators/iotcore/sql

image: ## the image IMAGE (shakedown:dev): a drop-in AWS endpoint on 4566, MQTT over TLS on 8883 (needs docker)
	CGO_ENABLED=0 GOOS=linux $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/image/$$($(GO) env GOARCH)/shakedown ./cmd/shakedown
	docker build -q -t $(IMAGE) --build-arg TARGETARCH=$$($(GO) env GOARCH) -f Dockerfile bin/image

test-portable: ## the portable features on SHAKEDOWN_BACKEND: embedded, endpoint (SHAKEDOWN_ENDPOINT or its own), attached, localstack, image
	$(GO) test -count=1 -run '^TestPortable$$' -v ./features

test-localstack: ## the portable features on LocalStack in a container; SHAKEDOWN_IMAGE for another image (finds or installs a Docker engine)
	SHAKEDOWN_BACKEND=localstack $(ENGINE) $(MAKE) test-portable

test-image: ## our image: the portable features in a container each, and on it in LocalStack's place; nothing left behind (finds or installs a Docker engine)
	$(ENGINE) $(MAKE) image test-in-engine

test-in-engine:
	SHAKEDOWN_IMAGE=$(IMAGE) SHAKEDOWN_BACKEND=image $(MAKE) test-portable
	SHAKEDOWN_IMAGE=$(IMAGE) SHAKEDOWN_BACKEND=localstack $(MAKE) test-portable
	SHAKEDOWN_IMAGE=$(IMAGE) $(GO) test -count=1 -run '^TestContainer' -v ./cmd/shakedown

test-browser: ## reports and web console in a real Chromium (installs Debian's where there is none)
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q chromium; }
	SHAKEDOWN_BROWSER=1 $(GO) test -count=1 -run '^TestBrowser' ./reports/... ./scenarios/console ./cmd/shakedown

test-lambda: ## the functions of make lambda as processes: the portable features, and a scenario in real time
	$(MAKE) lambda LAMBDAARCH=$$($(GO) env GOARCH)
	SHAKEDOWN_FUNCTIONS=process $(GO) test -count=1 -run AsProcesses -v ./features ./scenarios

test-prometheus: ## the metrics of a run and their dashboard in a real Prometheus (installs Debian's where there is none)
	@command -v prometheus >/dev/null || { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends prometheus; }
	SHAKEDOWN_PROMETHEUS=1 $(GO) test -count=1 -run '^TestPrometheus' ./scenarios/metrics

lint: pi ## gofmt, vet, staticcheck
	@out=$$(gofmt -l $$(git ls-files '*.go')); if [ -n "$$out" ]; then echo "gofmt would change:"; echo "$$out"; exit 1; fi
	$(GO) vet ./...
	$(GO) run $(STATICCHECK) ./...

fuzz: ## each fuzz target for FUZZTIME (a minute)
	@set -e; for pkg in $$($(GO) list ./...); do \
	  for target in $$($(GO) test -list '^Fuzz' $$pkg | grep '^Fuzz' || true); do \
	    echo "== $$pkg $$target"; $(GO) test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) $$pkg; \
	  done; done

bench-fleets: build ## what a message costs in processor time in fleets of 1,000, 5,000 and 20,000 devices (ten minutes)
	bin/shakedown bench --for 20s --memory --fleets 1000,5000,20000

bench: build ## rates, latencies and memory in one run, beside those of the last (runs/bench.jsonl); packages' benchmarks
	bin/shakedown bench --for $(BENCHTIME)
	$(GO) test -run '^$$' -bench . -benchmem ./emulators/... ./sim/... ./pipeline/...

pi: ## bin/pi/shakedown-arm64 and -armv7, for a Raspberry Pi (hardware/README.md); a part of lint
	GOOS=linux GOARCH=arm64 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/pi/shakedown-arm64 ./cmd/shakedown
	GOOS=linux GOARCH=arm GOARM=7 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/pi/shakedown-armv7 ./cmd/shakedown

lambda: ## zips with the functions' bootstrap for linux/arm64 and amd64 in bin/lambda
	@set -e; for arch in $(LAMBDAARCH); do for f in $(FUNCTIONS); do \
	  dir=bin/lambda/$$arch/$$f; mkdir -p $$dir; \
	  GOOS=linux GOARCH=$$arch $(GO) build -trimpath -tags lambda.norpc -ldflags '-s -w' -o $$dir/bootstrap ./cmd/$$f; \
	  (cd $$dir && python3 -m zipfile -c ../$$f.zip bootstrap); echo bin/lambda/$$arch/$$f.zip; \
	done; done

clean: ## remove bin and runs
	rm -rf bin runs
