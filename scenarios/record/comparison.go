package record

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sort"

	"github.com/shakedown-iot/shakedown/reports"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
)

// maxDifferences bounds what a replay shows one by one.
const maxDifferences = 20

// absent is the fate of a message that one of two runs does not have.
const absent = "no such message"

// Comparison finds what two runs of one scenario made of the same messages.
type Comparison struct {
	// Payloads compares what was sent, too: in real time, clocks differ.
	Payloads bool
	Found    reports.Differences

	kinds map[string]int
}

// Folders compares the ledgers and results of two runs' folders.
func (c *Comparison) Folders(before, now string) error {
	a, err := os.Open(filepath.Join(before, LedgerFile))
	if err != nil {
		return fmt.Errorf("compare: %w", err)
	}
	defer a.Close()
	b, err := os.Open(filepath.Join(now, LedgerFile))
	if err != nil {
		return fmt.Errorf("compare: %w", err)
	}
	defer b.Close()
	if err := c.Ledgers(a, b); err != nil {
		return fmt.Errorf("compare %s with %s: %w", before, now, err)
	}
	was, err := ReadResult(before)
	if err != nil {
		return err
	}
	is, err := ReadResult(now)
	if err != nil {
		return err
	}
	c.facts(was, is)
	return nil
}

// Ledgers merges two ledger files, in their order, without holding either.
func (c *Comparison) Ledgers(before, now io.Reader) error {
	c.kinds = map[string]int{}
	a, b := newCursor(before), newCursor(now)
	defer a.stop()
	defer b.stop()
	for a.ok || b.ok {
		c.Found.Messages++
		switch {
		case !b.ok || a.ok && a.at.Before(b.at.ID):
			c.add(a.at.ID, "", "sampled", absent)
			a.next()
		case !a.ok || b.at.Before(a.at.ID):
			c.add(b.at.ID, "", absent, "sampled")
			c.lost(b.at, ledger.Fated{})
			b.next()
		default:
			c.fates(a.at, b.at)
			c.lost(b.at, a.at)
			a.next()
			b.next()
		}
	}
	for kind, n := range c.kinds {
		c.Found.Kinds = append(c.Found.Kinds, reports.DifferenceKind{Kind: kind, Count: n})
	}
	sort.Slice(c.Found.Kinds, func(i, j int) bool { return c.Found.Kinds[i].Kind < c.Found.Kinds[j].Kind })
	return errors.Join(a.err, b.err)
}

func (c *Comparison) fates(before, now ledger.Fated) {
	if c.Payloads && before.MD5 != now.MD5 {
		c.add(now.ID, "payload", "one", "another")
	}
	for _, s := range ledger.Sinks() {
		if was, is := before.In(s).Fate, now.In(s).Fate; was != is {
			c.add(now.ID, s.String(), string(was), string(is))
		}
	}
}

func (c *Comparison) lost(now, before ledger.Fated) {
	for _, s := range ledger.Sinks() {
		if now.In(s).Fate == ledger.Lost && before.In(s).Fate != ledger.Lost {
			c.Found.NewlyLost++
		}
	}
}

func (c *Comparison) add(id ledger.ID, sink, before, now string) {
	d := reports.Difference{Message: id.String(), Sink: sink, Before: before, Now: now}
	c.kinds[d.Kind()]++
	if len(c.Found.Examples) < maxDifferences {
		c.Found.Examples = append(c.Found.Examples, d)
	}
}

// facts compares what else the two runs found.
func (c *Comparison) facts(before, now *reports.Result) {
	left := map[string]int{}
	for _, f := range before.Facts() {
		left[f]++
	}
	for _, f := range now.Facts() {
		left[f]--
	}
	for _, f := range slices.Sorted(maps.Keys(left)) {
		switch n := left[f]; {
		case n > 0:
			c.Found.Facts = append(c.Found.Facts, "only before: "+f)
		case n < 0:
			c.Found.Facts = append(c.Found.Facts, "only now: "+f)
		}
	}
	c.Found.Facts = c.Found.Facts[:min(len(c.Found.Facts), maxDifferences)]
}

// cursor is the next message of a ledger file.
type cursor struct {
	at   ledger.Fated
	ok   bool
	err  error
	pull func() (ledger.Fated, error, bool)
	stop func()
}

func newCursor(r io.Reader) *cursor {
	c := &cursor{}
	c.pull, c.stop = iter.Pull2(ledger.Scan(r))
	c.next()
	return c
}

func (c *cursor) next() {
	c.at, c.err, c.ok = c.pull()
	c.ok = c.ok && c.err == nil
}
