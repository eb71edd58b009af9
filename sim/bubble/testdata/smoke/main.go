// Command smoke is a plain binary that uses a bubble; the smoke test builds and
// runs it, which pins what bubble.Run asks of package testing to the Go version.
package main

import (
	"fmt"
	"os"
	"time"

	"github.com/shakedown-iot/shakedown/sim/bubble"
)

func main() {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	err := bubble.Run(bubble.Options{Start: start}, func() {
		done := make(chan bool)
		go func() { time.Sleep(24 * time.Hour); close(done) }()
		<-done
		fmt.Println(time.Now().UTC().Format(time.RFC3339Nano))
	})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(bubble.Run(bubble.Options{}, func() { panic("boom") }))
	fmt.Println(bubble.Run(bubble.Options{Limit: time.Hour}, func() { <-make(chan int) }) != nil)
}
