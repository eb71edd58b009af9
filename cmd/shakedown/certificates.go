package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
	"github.com/shakedown-iot/shakedown/scenarios"
)

// certificateCache keeps an authority and the certificates it has signed between
// runs: <user's cache>/shakedown/certificates.bin, for the user's eyes only, at most
// 100,000 of half a kilobyte. Whoever removes it loses some seconds. It holds secret
// keys, but of devices that are none: nothing else trusts this authority.
type certificateCache struct {
	path string
	pool *registry.Pool
	kept int // certificates that the file has
}

// worthKeeping is the size of a fleet from which on its certificates are kept.
const worthKeeping = 1000

// openCertificates reads the cache for a scenario that wants it; nil otherwise, as
// in virtual time, where certificates are of another year. A file that is of no use
// is told of and made anew.
func openCertificates(s *scenarios.Scenario, notices io.Writer) *certificateCache {
	folder, err := os.UserCacheDir()
	if err != nil || s.Clock != scenarios.RealClock || s.Devices() < worthKeeping {
		return nil
	}
	c := &certificateCache{path: filepath.Join(folder, "shakedown", "certificates.bin")}
	if c.pool, err = readCertificates(c.path); err == nil {
		c.kept = c.pool.Len()
		return c
	}
	if !errors.Is(err, os.ErrNotExist) {
		fmt.Fprintf(notices, "certificates are made anew: %s\n", err)
	}
	if c.pool, err = registry.NewPool(); err != nil {
		return nil // the run tells why
	}
	return c
}

func readCertificates(path string) (*registry.Pool, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if others := info.Mode().Perm() & 0o077; others != 0 && runtime.GOOS != "windows" {
		return nil, fmt.Errorf("%s: others may use it (mode %s)", path, info.Mode().Perm())
	}
	pool, err := registry.ReadPool(file, time.Now())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return pool, nil
}

// certificates are those of the cache; nil when there is none.
func (c *certificateCache) certificates() *registry.Pool {
	if c == nil {
		return nil
	}
	return c.pool
}

// save writes the cache if it has grown. The file is whole or the one before.
func (c *certificateCache) save() error {
	if c == nil || c.pool.Len() <= c.kept {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(c.path), 0o700); err != nil {
		return fmt.Errorf("keep certificates: %w", err)
	}
	file, err := os.CreateTemp(filepath.Dir(c.path), "certificates-*.part") // mode 0600
	if err != nil {
		return fmt.Errorf("keep certificates: %w", err)
	}
	err = errors.Join(c.pool.Write(file), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), c.path)
	}
	if err != nil {
		os.Remove(file.Name())
		return fmt.Errorf("keep certificates: %w", err)
	}
	return nil
}
