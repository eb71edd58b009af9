package bench

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Before is the last result in a history file that compares with r: same machine,
// transport and length. It is nil when there is none; a file that is not there is
// an empty history.
func Before(path string, r Result) (*Result, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	defer file.Close()
	var last *Result
	lines := bufio.NewScanner(file)
	for n := 1; lines.Scan(); n++ {
		var one Result
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			return nil, fmt.Errorf("history: %s:%d: %w", path, n, err)
		}
		if one.Machine == r.Machine && one.Transport == r.Transport && one.For == r.For && one.Devices == r.Devices {
			last = &one
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	return last, nil
}

// Append adds a result to a history file, a line of JSON each.
func Append(path string, r Result) error {
	line, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("history: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("history: %w", err)
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("history: %w", err)
	}
	_, err = file.Write(append(line, '\n'))
	return errors.Join(err, file.Close())
}
