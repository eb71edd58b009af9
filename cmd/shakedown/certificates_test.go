package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/scenarios"
)

// TestCertificatesAreKept: the next run has the same authority; a damaged file and
// one that others may read are told of and made anew; small fleets and virtual time
// have none.
func TestCertificatesAreKept(t *testing.T) {
	home := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", home)
	t.Setenv("HOME", home)
	s := &scenarios.Scenario{Clock: scenarios.RealClock, Fleet: []scenarios.Group{{Name: "s", Count: worthKeeping}}}
	open := func() (*certificateCache, string) {
		var notices bytes.Buffer
		return openCertificates(s, &notices), notices.String()
	}
	first, notice := open()
	require.Empty(t, notice)
	require.NoError(t, first.save(), "nothing to keep")
	require.NoFileExists(t, first.path)
	_, err := first.certificates().Take(3, nil)
	require.NoError(t, err)
	require.NoError(t, first.save())
	info, err := os.Stat(first.path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	info, err = os.Stat(filepath.Dir(first.path))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), info.Mode().Perm())

	second, notice := open()
	require.Empty(t, notice)
	require.Equal(t, 3, second.certificates().Len())
	require.Equal(t, first.pool.Authority().PEM(), second.pool.Authority().PEM())

	require.NoError(t, os.Chmod(first.path, 0o644))
	_, notice = open()
	require.Contains(t, notice, "made anew")
	require.Contains(t, notice, "others may use it")
	require.NoError(t, os.Chmod(first.path, 0o600))
	text, err := os.ReadFile(first.path)
	require.NoError(t, err)
	text[len(text)/2] ^= 1
	require.NoError(t, os.WriteFile(first.path, text, 0o600))
	third, notice := open()
	require.Contains(t, notice, "made anew")
	require.NotEqual(t, first.pool.Authority().PEM(), third.pool.Authority().PEM())
	_, err = third.certificates().Take(1, nil)
	require.NoError(t, err)
	require.NoError(t, third.save())
	files, err := filepath.Glob(filepath.Join(filepath.Dir(first.path), "*"))
	require.NoError(t, err)
	require.Equal(t, []string{first.path}, files, "no parts are left")

	s.Clock = scenarios.VirtualClock
	none, _ := open()
	require.Nil(t, none.certificates())
	require.NoError(t, none.save())
}
