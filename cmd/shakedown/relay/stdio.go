package relay

import (
	"errors"
	"io"
)

// stdio is a standard input and output as one pipe: one's own, or a process's.
type stdio struct {
	io.ReadCloser
	out io.WriteCloser
}

func (s stdio) Write(b []byte) (int, error) { return s.out.Write(b) }

// Close ends both directions.
func (s stdio) Close() error { return errors.Join(s.out.Close(), s.ReadCloser.Close()) }
