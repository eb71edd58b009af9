// Command shakedown takes an IoT fleet and its AWS pipeline on a shakedown
// cruise before production. See README.md, or `shakedown --help`.
package main

import (
	"os"
)

// version is set at link time.
var version = "dev"

func main() {
	tuneMemory()
	os.Exit(execute(os.Args[1:], os.Stdout, os.Stderr))
}
