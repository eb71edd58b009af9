package process

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// folder is the name of a function's directory: shakedown-function-<pid>-<random>.
const folder = "shakedown-function-"

// makeDir makes the directory of a function and removes what a Shakedown that
// was killed has left.
func makeDir() (string, error) {
	sweep(os.TempDir())
	dir, err := os.MkdirTemp("", fmt.Sprintf("%s%d-", folder, os.Getpid()))
	if err != nil {
		return "", fmt.Errorf("unpack: %w", err)
	}
	return dir, nil
}

// sweep removes the directories of processes that are no more. Errors are those
// of somebody else's directories: they stay.
func sweep(temp string) {
	left, _ := filepath.Glob(filepath.Join(temp, folder+"*"))
	for _, dir := range left {
		owner, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(dir), folder), "-")
		if pid, err := strconv.Atoi(owner); err == nil && pid > 0 && !alive(pid) {
			os.RemoveAll(dir)
		}
	}
}
