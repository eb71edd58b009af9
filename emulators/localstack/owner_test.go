package localstack

import (
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestOwnersThatHaveEnded(t *testing.T) {
	require.False(t, ended(Labels()), "this process runs")
	require.False(t, ended(map[string]string{ownerLabel: "elsewhere/1"}), "another host's processes are not known")
	require.False(t, ended(nil))
	require.False(t, ended(map[string]string{ownerLabel: "x"}))
	child := exec.Command("sleep", "60")
	require.NoError(t, child.Start())
	host, err := os.Hostname()
	require.NoError(t, err)
	labels := map[string]string{ownerLabel: host + "/" + strconv.Itoa(child.Process.Pid)}
	require.False(t, ended(labels))
	require.NoError(t, child.Process.Kill())
	require.Eventually(t, func() bool { return ended(labels) }, 5*time.Second, time.Millisecond, "a zombie has ended")
	require.Error(t, child.Wait())
	require.True(t, ended(labels))
}

func TestWithoutDockerAllSaySo(t *testing.T) {
	t.Setenv("DOCKER_HOST", "unix://"+t.TempDir()+"/docker.sock")
	began := time.Now()
	require.ErrorIs(t, Preflight(t.Context()), ErrNoDocker)
	_, err := Start(t.Context(), Config{})
	require.ErrorIs(t, err, ErrNoDocker)
	_, err = Sweep(t.Context(), true)
	require.ErrorIs(t, err, ErrNoDocker)
	require.Less(t, time.Since(began), 5*time.Second)
}
