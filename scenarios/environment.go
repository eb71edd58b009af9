package scenarios

import (
	"bufio"
	"os"
	"runtime"
	"strconv"
	"strings"

	"github.com/shakedown-iot/shakedown/reports"
)

// Machine is the machine that a run is made on, for its report. Linux tells its
// processor and memory; elsewhere they are left out.
func Machine() reports.Environment {
	kilobytes, _ := strconv.ParseInt(strings.TrimSuffix(procValue("/proc/meminfo", "MemTotal"), " kB"), 10, 64)
	return reports.Environment{
		Processor: procValue("/proc/cpuinfo", "model name"),
		CPUs:      runtime.NumCPU(), Procs: runtime.GOMAXPROCS(0), Memory: kilobytes << 10,
	}
}

// procValue is the first value of a key in a file of "key : value" lines.
func procValue(path, key string) string {
	file, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		if name, value, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(name) == key {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
