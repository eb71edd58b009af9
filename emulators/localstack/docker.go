package localstack

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
)

// ErrNoDocker says that no Docker engine answers.
var ErrNoDocker = errors.New("no Docker engine answers")

// pingTimeout bounds the wait for an engine's answer.
const pingTimeout = 3 * time.Second

// Preflight tells whether a Docker engine answers; ErrNoDocker when none does. It
// comes before anything of testcontainers, and switches its reaper off unless the
// reaper's image is there.
func Preflight(ctx context.Context) error {
	docker, err := connect(ctx)
	if err != nil {
		return err
	}
	return errors.Join(prepare(ctx, docker), docker.Close())
}

// prepare sets what testcontainers reads from the environment, once: it must come
// before anything else of testcontainers. What is set already stays.
func prepare(ctx context.Context, docker *client.Client) error {
	return errors.Join(withoutReaper(ctx, docker), onOurHost(ctx, docker))
}

// onOurHost says that ports are published on loopback where the engine has our host
// name: testcontainers, when it finds itself in a container, takes the engine to be
// outside of it.
func onOurHost(ctx context.Context, docker *client.Client) error {
	const setting = "TESTCONTAINERS_HOST_OVERRIDE"
	if os.Getenv(setting) != "" || !strings.HasPrefix(docker.DaemonHost(), "unix://") {
		return nil
	}
	engine, err := docker.Info(ctx, client.InfoOptions{})
	if err != nil {
		return fmt.Errorf("docker info: %w", err)
	}
	if own, err := os.Hostname(); err != nil || engine.Info.Name != own {
		return nil
	}
	return os.Setenv(setting, "127.0.0.1")
}

// connect finds the engine where the docker command does: DOCKER_HOST, else the
// usual sockets, a rootless engine's included.
// https://docs.docker.com/engine/security/rootless/tips/
func connect(ctx context.Context) (*client.Client, error) {
	hosts := []string{os.Getenv(client.EnvOverrideHost)}
	if hosts[0] == "" {
		hosts = sockets()
	}
	var errs []error
	for _, host := range hosts {
		docker, err := ping(ctx, host)
		if err == nil {
			return docker, nil
		}
		errs = append(errs, err)
	}
	return nil, fmt.Errorf("%w: %w", ErrNoDocker, errors.Join(errs...))
}

// sockets are those that exist; the default one if none does, for its error.
func sockets() []string {
	candidates := []string{filepath.Join("/run/user", strconv.Itoa(os.Getuid()), "docker.sock")}
	if dir := os.Getenv("XDG_RUNTIME_DIR"); dir != "" {
		candidates = append(candidates, filepath.Join(dir, "docker.sock"))
	}
	if home, err := os.UserHomeDir(); err == nil {
		candidates = append(candidates, filepath.Join(home, ".docker/run/docker.sock"), filepath.Join(home, ".docker/desktop/docker.sock"))
	}
	hosts := []string{client.DefaultDockerHost}
	for _, path := range candidates {
		if _, err := os.Stat(path); err == nil {
			hosts = append(hosts, "unix://"+path)
		}
	}
	return hosts
}

func ping(ctx context.Context, host string) (*client.Client, error) {
	docker, err := client.New(client.FromEnv, client.WithHost(host))
	if err != nil {
		return nil, fmt.Errorf("docker at %s: %w", host, err)
	}
	ctx, cancel := context.WithTimeout(ctx, pingTimeout)
	defer cancel()
	if _, err := docker.Ping(ctx, client.PingOptions{NegotiateAPIVersion: true}); err != nil {
		docker.Close()
		return nil, fmt.Errorf("docker at %s: %w", host, err)
	}
	return docker, nil
}

// withoutReaper switches testcontainers' reaper off unless its image is here.
func withoutReaper(ctx context.Context, docker *client.Client) error {
	const setting = "TESTCONTAINERS_RYUK_DISABLED"
	if os.Getenv(setting) != "" {
		return nil
	}
	//lint:ignore SA1019 the module names its reaper's image nowhere else
	if _, err := docker.ImageInspect(ctx, testcontainers.ReaperDefaultImage); err == nil {
		return nil
	}
	return os.Setenv(setting, "true")
}
