package record

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/shakedown-iot/shakedown/reports"
	"github.com/shakedown-iot/shakedown/scenarios"
)

// The files of a run's folder.
const (
	JournalFile  = "journal.jsonl"   // scenario, seed, versions, decisions, hash
	LedgerFile   = "ledger.jsonl.gz" // every message and its fates
	ResultFile   = "result.json"     // reports.Result
	HTMLFile     = "report.html"
	TextFile     = "report.txt"
	MarkdownFile = "report.md" // for a pull request
	JUnitFile    = "junit.xml"
)

// Folder is where a run leaves its files: runs/<time>-<name>, and a link
// runs/latest to it.
type Folder struct {
	Path    string
	Journal *os.File
}

// Create makes the folder of a run and its journal.
func Create(parent, name string, now time.Time) (*Folder, error) {
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return nil, fmt.Errorf("create %s: %w", parent, err)
	}
	base := now.Format("20060102-150405") + "-" + name
	path := filepath.Join(parent, base)
	for n := 2; n < 100; n++ {
		err := os.Mkdir(path, 0o755)
		if err == nil {
			break
		}
		if !errors.Is(err, os.ErrExist) {
			return nil, fmt.Errorf("create %s: %w", path, err)
		}
		path = filepath.Join(parent, fmt.Sprintf("%s-%d", base, n))
	}
	journal, err := os.Create(filepath.Join(path, JournalFile))
	if err != nil {
		return nil, fmt.Errorf("create the journal: %w", err)
	}
	link(parent, path)
	return &Folder{Path: path, Journal: journal}, nil
}

// link points parent/latest at the run; a file system without links has none.
func link(parent, path string) {
	latest := filepath.Join(parent, "latest")
	if info, err := os.Lstat(latest); err == nil && info.Mode()&os.ModeSymlink == 0 {
		return
	}
	os.Remove(latest)
	os.Symlink(filepath.Base(path), latest)
}

// Close closes the journal.
func (f *Folder) Close() error { return f.Journal.Close() }

// Write writes ledger, result and reports, and closes the journal.
func (f *Folder) Write(o *scenarios.Outcome) error {
	o.Result.Folder = f.Path
	return errors.Join(
		f.file(LedgerFile, o.Ledger.Write),
		f.file(ResultFile, o.Result.Write),
		f.file(HTMLFile, func(w io.Writer) error { return reports.HTML(w, o.Result) }),
		f.file(TextFile, func(w io.Writer) error { return reports.Text(w, o.Result) }),
		f.file(MarkdownFile, func(w io.Writer) error { return reports.Markdown(w, o.Result) }),
		f.file(JUnitFile, func(w io.Writer) error { return reports.JUnit(w, o.Result) }),
		f.Close(),
	)
}

// file writes a file under another name until it is whole: who is killed in
// between leaves none.
func (f *Folder) file(name string, write func(io.Writer) error) error {
	path := filepath.Join(f.Path, name)
	file, err := os.Create(path + ".part")
	if err != nil {
		return fmt.Errorf("create %s: %w", name, err)
	}
	if err := errors.Join(write(file), file.Close()); err != nil {
		return err
	}
	return os.Rename(path+".part", path)
}

// ReadResult reads the result in a run's folder.
func ReadResult(folder string) (*reports.Result, error) {
	f, err := os.Open(filepath.Join(folder, ResultFile))
	if err != nil {
		return nil, fmt.Errorf("read result: %w", err)
	}
	defer f.Close()
	result, err := reports.Read(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name(), err)
	}
	return result, nil
}
