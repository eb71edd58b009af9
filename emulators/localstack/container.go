package localstack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"time"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/log"
	module "github.com/testcontainers/testcontainers-go/modules/localstack"
)

// DefaultImage is the last LocalStack that needs no auth token.
const DefaultImage = "localstack/localstack:4.14.0"

// port is LocalStack's one port.
const port = "4566/tcp"

// Bounds of a start, which may have to pull the image, and of an end.
const (
	startBound = 10 * time.Minute
	makeBound  = 30 * time.Second
	closeBound = 30 * time.Second
	maxLog     = 64 << 20 // bytes
)

// Config says what to start. The zero value is DefaultImage.
type Config struct {
	Image string
	// AuthToken is passed to the container as LOCALSTACK_AUTH_TOKEN.
	AuthToken string
}

// Container is a running LocalStack.
type Container struct {
	running  *module.LocalStackContainer
	endpoint string
}

// Start starts a container and waits until it is healthy. It begins with a Sweep.
// An error leaves none behind.
func Start(ctx context.Context, c Config) (*Container, error) {
	docker, err := connect(ctx)
	if err != nil {
		return nil, err
	}
	defer docker.Close()
	if err := prepare(ctx, docker); err != nil {
		return nil, err
	}
	if _, err := sweep(ctx, docker, ended); err != nil {
		return nil, fmt.Errorf("containers of runs that were killed: %w", err)
	}
	making := &making{}
	ctx, cancel := making.bound(ctx)
	defer cancel()
	if c.Image == "" {
		c.Image = DefaultImage
	}
	log.SetDefault(log.NewNoopLogger())
	loopback, err := onThisHost(ctx)
	if err != nil {
		return nil, err
	}
	// The module judges the version by the name it is given, and refuses tags that it
	// cannot read: it gets the pinned one.
	labels := Labels()
	running, err := module.Run(ctx, DefaultImage, append(c.options(labels, loopback), making.hooks())...)
	making.over()
	started := &Container{running: running}
	if err == nil {
		started.endpoint, err = running.PortEndpoint(ctx, port, "http")
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start %s: %w", c.Image, err), undo(docker, labels[startLabel]))
	}
	return started, nil
}

// onThisHost tells whether published ports are reached by this host's loopback: not
// with an engine elsewhere, nor, as a rule, from inside a container.
func onThisHost(ctx context.Context) (bool, error) {
	provider, err := testcontainers.NewDockerProvider(testcontainers.WithLogger(log.NewNoopLogger()))
	if err != nil {
		return false, fmt.Errorf("docker: %w", err)
	}
	defer provider.Close()
	host, err := provider.DaemonHost(ctx)
	if err != nil {
		return false, fmt.Errorf("address of the docker host: %w", err)
	}
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback()), nil
}

// undo removes what a start has made that failed, whatever it has come to.
func undo(docker *client.Client, start string) error {
	ctx, cancel := context.WithTimeout(context.Background(), closeBound)
	defer cancel()
	_, err := sweep(ctx, docker, func(labels map[string]string) bool { return labels[startLabel] == start })
	return err
}

func (c Config) options(labels map[string]string, loopback bool) []testcontainers.ContainerCustomizer {
	options := []testcontainers.ContainerCustomizer{
		testcontainers.WithImage(c.Image),
		testcontainers.WithLabels(labels),
		testcontainers.WithLogger(log.NewNoopLogger()),
		// Functions run in this process: the container needs no Docker socket.
		testcontainers.WithHostConfigModifier(func(h *container.HostConfig) {
			if loopback {
				h.PortBindings = network.PortMap{network.MustParsePort(port): {{HostIP: netip.MustParseAddr("127.0.0.1")}}}
			}
		}),
	}
	if c.AuthToken != "" {
		options = append(options, testcontainers.WithEnv(map[string]string{"LOCALSTACK_AUTH_TOKEN": c.AuthToken}))
	}
	return options
}

// Endpoint is the base URL of the AWS API.
func (c *Container) Endpoint() string { return c.endpoint }

// Logs writes what the container has logged, at most 64 MiB.
func (c *Container) Logs(ctx context.Context, w io.Writer) error {
	logs, err := c.running.Logs(ctx)
	if err != nil {
		return fmt.Errorf("logs of the container: %w", err)
	}
	defer logs.Close()
	_, err = io.Copy(w, io.LimitReader(logs, maxLog))
	return err
}

// Close removes the container. It may be called twice.
func (c *Container) Close() error {
	if c.running == nil || c.running.Container == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), closeBound)
	defer cancel()
	err := testcontainers.TerminateContainer(c.running.Container, testcontainers.StopContext(ctx), testcontainers.StopTimeout(time.Second))
	if err != nil {
		return fmt.Errorf("remove the container: %w", err)
	}
	return nil
}
