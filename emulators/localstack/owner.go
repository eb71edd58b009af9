package localstack

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"

	"github.com/moby/moby/client"
)

// The labels of every container: the host and the process id of its owner, and
// which of the owner's starts it belongs to.
const (
	ownerLabel = "io.shakedown.owner"
	startLabel = "io.shakedown.start"
)

// Labels are those of a container of this process: Sweep finds it by them.
func Labels() map[string]string {
	host, _ := os.Hostname() // without a name only Sweep of all finds it
	return map[string]string{ownerLabel: host + "/" + strconv.Itoa(os.Getpid()), startLabel: rand.Text()}
}

// Sweep removes the containers of processes on this host that have ended, or those
// of all processes, and returns their names.
func Sweep(ctx context.Context, all bool) ([]string, error) {
	docker, err := connect(ctx)
	if err != nil {
		return nil, err
	}
	defer docker.Close()
	return sweep(ctx, docker, func(labels map[string]string) bool { return all || ended(labels) })
}

// sweep removes those of Shakedown's containers whose labels are condemned.
func sweep(ctx context.Context, docker *client.Client, condemned func(labels map[string]string) bool) ([]string, error) {
	list, err := docker.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: client.Filters{}.Add("label", ownerLabel)})
	if err != nil {
		return nil, fmt.Errorf("list containers: %w", err)
	}
	var removed []string
	var errs []error
	for _, c := range list.Items {
		if !condemned(c.Labels) {
			continue
		}
		name := strings.TrimPrefix(strings.Join(c.Names, ","), "/")
		_, err := docker.ContainerRemove(ctx, c.ID, client.ContainerRemoveOptions{Force: true, RemoveVolumes: true})
		if err != nil {
			errs = append(errs, fmt.Errorf("remove container %s: %w", name, err))
			continue
		}
		removed = append(removed, name)
	}
	return removed, errors.Join(errs...)
}

// ended tells that the owner is a process of this host that is no more. Of one on
// another host nothing is known.
func ended(labels map[string]string) bool {
	host, text, ok := strings.Cut(labels[ownerLabel], "/")
	if own, err := os.Hostname(); !ok || err != nil || own != host {
		return false
	}
	pid, err := strconv.Atoi(text)
	if err != nil || pid <= 0 {
		return false
	}
	process, err := os.FindProcess(pid)
	if err != nil {
		return true
	}
	err = process.Signal(syscall.Signal(0))
	return errors.Is(err, os.ErrProcessDone) || errors.Is(err, syscall.ESRCH) || zombie(pid)
}

// zombie tells that a process has ended and its parent has not yet asked, where
// there is /proc; elsewhere its container goes with the next sweep.
func zombie(pid int) bool {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return false
	}
	_, state, _ := bytes.Cut(text, []byte(") "))
	return bytes.HasPrefix(state, []byte("Z"))
}
