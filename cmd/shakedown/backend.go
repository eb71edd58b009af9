package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/spf13/pflag"

	"github.com/shakedown-iot/shakedown/emulators/localstack"
	"github.com/shakedown-iot/shakedown/scenarios"
)

// The backends of `run`.
const (
	embeddedBackend   = "embedded"
	localstackBackend = "localstack"
	endpointBackend   = "endpoint"
)

// backendFlags say where Kinesis, DynamoDB, S3, SNS and SQS are.
type backendFlags struct {
	name, endpoint, image string
}

func (f *backendFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.name, "backend", embeddedBackend, "where Kinesis, DynamoDB, S3, SNS and SQS are: embedded, localstack (a container) or endpoint")
	flags.StringVar(&f.endpoint, "endpoint", "", "base URL of --backend endpoint, such as http://127.0.0.1:4566")
	flags.StringVar(&f.image, "image", localstack.DefaultImage, "image of --backend localstack")
}

// check refuses what cannot be run, before anything is started.
func (f *backendFlags) check(scenario *scenarios.Scenario, imageGiven bool) error {
	b := scenarios.Backend{Endpoint: f.endpoint}
	switch f.name {
	case embeddedBackend, localstackBackend:
		if f.endpoint != "" {
			return usage(fmt.Errorf("--endpoint %s is for --backend endpoint, not %s", f.endpoint, f.name))
		}
		if f.name == localstackBackend {
			b.Endpoint = "http://container" // which one is not known yet
		}
	case endpointBackend:
		if f.endpoint == "" {
			return usage(errors.New("--backend endpoint wants --endpoint URL"))
		}
	default:
		return usage(fmt.Errorf("--backend %q is none of embedded, localstack, endpoint", f.name))
	}
	if imageGiven && f.name != localstackBackend {
		return usage(fmt.Errorf("--image %s is for --backend localstack, not %s", f.image, f.name))
	}
	if err := scenarios.CheckBackend(scenario, b); err != nil {
		return usage(err)
	}
	return nil
}

// installDocker is the hint where no engine answers.
const installDocker = "install Docker (Debian: apt-get install docker.io; elsewhere https://docs.docker.com/engine/install/) and start it, or point DOCKER_HOST at an engine; `--backend embedded` needs none"

// ready looks for what the backend needs: an engine, or a server that listens.
func (f *backendFlags) ready(ctx context.Context) error {
	switch f.name {
	case localstackBackend:
		if err := localstack.Preflight(ctx); err != nil {
			return environment(err, installDocker)
		}
	case endpointBackend:
		if err := scenarios.Reach(ctx, scenarios.Backend{Endpoint: f.endpoint}); err != nil {
			return environment(err, "start the server, or see whether --endpoint names it")
		}
	}
	return nil
}

// logFile is where a container's log is kept when a run fails.
const logFile = "localstack.log"

// started is a backend that runs. Its container is nil where there is none.
type started struct {
	scenarios.Backend
	container *localstack.Container
	stop      func()
}

// start starts the backend. Ctrl-C meanwhile leaves no container behind.
func (f *backendFlags) start(ctx context.Context, stderr io.Writer) (*started, error) {
	if f.name != localstackBackend {
		return &started{Backend: scenarios.Backend{Endpoint: f.endpoint}}, nil
	}
	fmt.Fprintf(stderr, "starting %s\n", f.image)
	starting, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	container, err := localstack.Start(starting, localstack.Config{Image: f.image, AuthToken: os.Getenv("LOCALSTACK_AUTH_TOKEN")})
	if starting.Err() != nil {
		if err == nil {
			err = container.Close()
		}
		return nil, environment(errors.Join(errors.New("interrupted while the container started"), err), "")
	}
	if err != nil {
		return nil, environment(err, "can Docker pull or find the image? `docker pull "+f.image+"` tells; --image names another")
	}
	return &started{Backend: scenarios.Backend{Endpoint: container.Endpoint()}, container: container, stop: guard()}, nil
}

// guard keeps signals from ending the process while there is a container: the
// first is the run's, which drains, the second abandons, later ones wait for close.
func guard() (stop func()) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	return func() { signal.Stop(signals) }
}

// abandon removes the container before a second Ctrl-C ends the process.
func (s *started) abandon(stderr io.Writer) {
	if s.container == nil {
		return
	}
	if err := s.container.Close(); err != nil {
		fmt.Fprintln(stderr, "shakedown:", err)
	}
}

// close removes the container; when the run failed, its log goes into the folder.
func (s *started) close(failed bool, folder string) error {
	if s.container == nil {
		return nil
	}
	var logged error
	if failed {
		logged = s.keepLog(filepath.Join(folder, logFile))
	}
	err := errors.Join(logged, s.container.Close())
	s.stop()
	if err != nil {
		return environment(err, "`shakedown sweep` removes containers that were left behind")
	}
	return nil
}

func (s *started) keepLog(path string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return errors.Join(s.container.Logs(ctx, file), file.Close())
}
