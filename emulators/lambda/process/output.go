package process

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"os"
	"sync"
	"time"
)

// maxTail is how much of an invocation's log LogResult has, in bytes.
const maxTail = 4 << 10

// output is what a process prints, standard output and error in one pipe.
type output struct {
	read, write *os.File
	mark        []byte // what flush writes into the pipe
	line        func(text string)
	passes      func(text string) bool // what the process prints
	ended       chan struct{}

	mu     sync.Mutex
	tail   []byte
	passed chan struct{} // told when a mark has been read
}

func newOutput(line func(string), passes func(string) bool) (*output, error) {
	read, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	var token [16]byte
	rand.Read(token[:])
	mark := []byte("\x00" + hex.EncodeToString(token[:]) + "\x00")
	return &output{read: read, write: write, mark: mark, line: line, passes: passes, ended: make(chan struct{}), passed: make(chan struct{}, 1)}, nil
}

// run reads until the pipe is closed.
func (o *output) run() {
	defer close(o.ended)
	var rest []byte
	buffer := make([]byte, 32<<10)
	for {
		n, err := o.read.Read(buffer)
		rest = o.lines(append(rest, buffer[:n]...))
		if err != nil {
			if len(rest) > 0 {
				o.print(string(rest))
			}
			return
		}
	}
}

// lines says the whole lines of what was read and answers the rest.
func (o *output) lines(read []byte) []byte {
	for {
		mark, end := bytes.Index(read, o.mark), bytes.IndexByte(read, '\n')
		switch {
		case mark >= 0 && (end < 0 || mark < end):
			if mark > 0 {
				o.print(string(read[:mark]))
			}
			read = read[mark+len(o.mark):]
			select {
			case o.passed <- struct{}{}:
			default:
			}
		case end >= 0:
			o.print(string(read[:end]))
			read = read[end+1:]
		case len(read) > MaxLine:
			n := Cut(read)
			o.print(string(read[:n]))
			read = read[n:]
		default:
			return read
		}
	}
}

// print adds a line of the process.
func (o *output) print(text string) {
	if o.passes(text) {
		o.say(text)
	}
}

// system adds a line of Lambda's, if there is one.
func (o *output) system(text []byte) {
	if len(text) > 0 {
		o.say(string(text))
	}
}

// say adds a line to the log; lines are told one after the other.
func (o *output) say(text string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.tail = append(append(o.tail, text...), '\n')
	if over := len(o.tail) - maxTail; over > 0 {
		o.tail = append(o.tail[:0], o.tail[over:]...)
	}
	o.line(text)
}

// flushPatience bounds the wait for what a process has printed.
const flushPatience = time.Second

// flush waits until what the process has printed so far was read: a mark goes
// through the same pipe. One flush at a time.
func (o *output) flush() {
	select {
	case <-o.passed: // of a flush that lost its patience
	default:
	}
	timer := time.NewTimer(flushPatience)
	defer timer.Stop()
	if _, err := o.write.Write(o.mark); err != nil {
		return
	}
	select {
	case <-o.passed:
	case <-o.ended:
	case <-timer.C:
	}
}

// begin starts the tail of an invocation.
func (o *output) begin() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.tail = nil
}

func (o *output) last() []byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	return bytes.Clone(o.tail)
}

// close ends the pipe and waits for its reader. What a child that left the
// process group still prints is not read.
func (o *output) close() {
	o.write.Close()
	select {
	case <-o.ended:
	case <-time.After(flushPatience):
	}
	o.read.Close()
	<-o.ended
}
