package hardware

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// tapeHeader is the first line of a tape.
const tapeHeader = "shakedown i2c 1"

// Bounds of a tape, in bytes: a day of one reading a second is 14 MiB.
const (
	maxTape     = 32 << 20
	maxTapeLine = 4096
)

// Transaction is one exchange on a bus.
type Transaction struct {
	Addr uint16
	// Write is what the master wrote.
	Write []byte
	// Read is what it read after that; only its length counts when Err is set.
	Read []byte
	// Err is why it failed; empty when it did not.
	Err string
	// Line is where it stands on its tape, from 1; 0 when it stands on none.
	Line int
}

// String is the transaction as a line of a tape.
func (t Transaction) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%02x", t.Addr)
	if len(t.Write) > 0 {
		fmt.Fprintf(&b, " > %x", t.Write)
	}
	switch {
	case len(t.Read) > 0 && t.Err != "":
		b.WriteString(" < " + strings.Repeat("??", len(t.Read)))
	case len(t.Read) > 0:
		fmt.Fprintf(&b, " < %x", t.Read)
	}
	if t.Err != "" {
		b.WriteString(" ! " + oneLine(t.Err))
	}
	return b.String()
}

// oneLine makes an error's text fit for a tape.
func oneLine(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	return text[:min(len(text), 200)]
}

// ReadTape reads a whole tape strictly.
func ReadTape(r io.Reader) ([]Transaction, error) {
	counted := &io.LimitedReader{R: r, N: maxTape + 1}
	lines := bufio.NewScanner(counted)
	lines.Buffer(nil, maxTapeLine)
	var list []Transaction
	n := 0
	for lines.Scan() {
		n++
		text := strings.TrimSpace(lines.Text())
		switch {
		case n == 1 && text != tapeHeader:
			return nil, fmt.Errorf("line 1: %q is not %q: this is no tape of an i2c bus", shorten(text), tapeHeader)
		case n == 1, text == "", text[0] == '#':
			continue
		}
		t, err := parseTransaction(text)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		t.Line = n
		list = append(list, t)
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return nil, fmt.Errorf("line %d: it is longer than %d bytes", n+1, maxTapeLine)
	case err != nil:
		return nil, err
	case counted.N == 0:
		return nil, fmt.Errorf("the tape is larger than %d bytes", maxTape)
	case len(list) == 0:
		return nil, errors.New("the tape is empty")
	}
	return list, nil
}

func shorten(text string) string { return text[:min(len(text), 40)] }

// parseTransaction reads a line such as 76 > d0 < 60.
func parseTransaction(text string) (Transaction, error) {
	var t Transaction
	text, cause, failed := strings.Cut(text, "!")
	if t.Err = strings.TrimSpace(cause); failed && t.Err == "" {
		return t, errors.New("nothing stands behind the exclamation mark")
	}
	text, read, reads := strings.Cut(text, "<")
	text, write, writes := strings.Cut(text, ">")
	addr, err := strconv.ParseUint(strings.TrimSpace(text), 16, 7)
	if err != nil {
		return t, fmt.Errorf("address %q is not a hexadecimal number up to 7f", strings.TrimSpace(text))
	}
	t.Addr = uint16(addr)
	if t.Write, err = parseBytes("written", write, writes); err != nil {
		return t, err
	}
	if failed && reads {
		t.Read, err = parseUnknown(read)
	} else {
		t.Read, err = parseBytes("read", read, reads)
	}
	if err == nil && !reads && !writes {
		err = errors.New("nothing is written or read")
	}
	return t, err
}

// parseBytes reads hexadecimal digits, which may be grouped by spaces.
func parseBytes(what, text string, there bool) ([]byte, error) {
	if !there {
		return nil, nil
	}
	digits := strings.Join(strings.Fields(text), "")
	b, err := hex.DecodeString(digits)
	if err != nil || len(b) == 0 {
		return nil, fmt.Errorf("bytes %s %q are not pairs of hexadecimal digits", what, shorten(digits))
	}
	return b, nil
}

// parseUnknown reads one ?? for each byte that was to be read.
func parseUnknown(text string) ([]byte, error) {
	marks := strings.Join(strings.Fields(text), "")
	if len(marks) == 0 || len(marks)%2 != 0 || strings.Trim(marks, "?") != "" {
		return nil, fmt.Errorf("bytes read %q are not ?? each, although the transaction failed", shorten(marks))
	}
	return make([]byte, len(marks)/2), nil
}
