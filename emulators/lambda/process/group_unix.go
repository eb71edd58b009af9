//go:build unix && !linux

package process

import (
	"errors"
	"os/exec"
	"syscall"
)

func supported() error { return nil }

// inGroup makes a command lead a process group of its own.
func inGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// peak is unknown here.
func peak(int) int { return 0 }

func killGroup(pid int) { syscall.Kill(-pid, syscall.SIGKILL) }

func alive(pid int) bool { return !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) }
