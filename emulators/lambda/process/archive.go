package process

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Limits of a deployment package.
// See https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const (
	MaxZip      = 50 << 20  // bytes uploaded; from S3 a zip may have more
	MaxUnzipped = 262144000 // bytes
	maxFiles    = 100_000   // ours: AWS gives none
)

// archive is a deployment package that was looked through.
type archive struct{ files []*zip.File }

// openArchive reads a zip and refuses what must not be unpacked: too much, paths
// that lead out, links and devices.
func openArchive(data []byte) (archive, error) {
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return archive{}, fmt.Errorf("could not unzip uploaded file: %w", err)
	}
	if len(r.File) > maxFiles {
		return archive{}, fmt.Errorf("the zip has %d files, more than %d", len(r.File), maxFiles)
	}
	size := uint64(0)
	for _, file := range r.File {
		if err := checkEntry(file); err != nil {
			return archive{}, err
		}
		// The size is what the entry claims; unpacking holds it to that.
		if size += file.UncompressedSize64; file.UncompressedSize64 > MaxUnzipped || size > MaxUnzipped {
			return archive{}, fmt.Errorf("unzipped size must be smaller than %d bytes", MaxUnzipped)
		}
	}
	return archive{r.File}, nil
}

func checkEntry(file *zip.File) error {
	name := strings.TrimSuffix(file.Name, "/")
	mode := file.Mode()
	switch {
	case !fs.ValidPath(name) || strings.ContainsAny(name, "\\\x00") || !filepath.IsLocal(filepath.FromSlash(name)):
		return fmt.Errorf("the zip entry %q leads out of the package", file.Name)
	case mode.IsDir() || mode.IsRegular():
		return nil
	}
	return fmt.Errorf("the zip entry %q is neither a file nor a directory", file.Name)
}

// executable tells whether the package has a file that can be started.
func (a archive) executable(name string) bool {
	for _, file := range a.files {
		if file.Name == name {
			return file.UncompressedSize64 > 0 && file.Mode().Perm()&0o100 != 0
		}
	}
	return false
}

// unpack writes the package into a directory, for this user only.
func (a archive) unpack(dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("unpack: %w", err)
	}
	defer root.Close()
	for _, file := range a.files {
		if err := unpackFile(root, file); err != nil {
			return fmt.Errorf("unpack %s: %w", file.Name, err)
		}
	}
	return nil
}

func unpackFile(root *os.Root, file *zip.File) error {
	if file.Mode().IsDir() {
		return root.MkdirAll(strings.TrimSuffix(file.Name, "/"), 0o700)
	}
	if dir := path.Dir(file.Name); dir != "." {
		if err := root.MkdirAll(dir, 0o700); err != nil {
			return err
		}
	}
	in, err := file.Open()
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := root.OpenFile(file.Name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, file.Mode().Perm()&0o700|0o600)
	if err != nil {
		return err
	}
	n, err := io.Copy(out, io.LimitReader(in, int64(file.UncompressedSize64)+1))
	if err == nil && uint64(n) > file.UncompressedSize64 {
		err = errors.New("the entry is larger than it claims")
	}
	return errors.Join(err, out.Close())
}
