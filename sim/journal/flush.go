package journal

import "io"

// syncer is a file: what was written is on the disk after Sync.
type syncer interface{ Sync() error }

// flush makes what is written survive the machine, where w is a file. A killed
// process needs none of it: its writes are the system's already.
func flush(w io.Writer) error {
	if f, ok := w.(syncer); ok {
		return f.Sync()
	}
	return nil
}
