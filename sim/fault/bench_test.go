package fault_test

import (
	"context"
	"net"
	"testing"

	"github.com/shakedown-iot/shakedown/sim/fault"
)

// null is a connection that takes everything at once.
type null struct{ net.Conn }

func (null) Read(p []byte) (int, error)  { return len(p), nil }
func (null) Write(p []byte) (int, error) { return len(p), nil }

// BenchmarkHealthy is what a link costs that no fault has touched: a read and a write.
func BenchmarkHealthy(b *testing.B) {
	for name, wrap := range map[string]func() net.Conn{
		"bare": func() net.Conn { return null{} },
		"link": func() net.Conn {
			c, _ := new(fault.Link).Dial(b.Context(), func(context.Context) (net.Conn, error) { return null{}, nil })
			return c
		},
	} {
		b.Run(name, func(b *testing.B) {
			c, buf := wrap(), make([]byte, 100)
			b.ReportAllocs()
			for b.Loop() {
				_, _ = c.Read(buf)
				_, _ = c.Write(buf)
			}
		})
	}
}
