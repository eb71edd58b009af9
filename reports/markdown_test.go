package reports_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/reports"
)

func TestMarkdownForAPullRequest(t *testing.T) {
	r := sample()
	r.Expectations = []reports.Expectation{{Text: "lost == 0", Measured: "1"}}
	r.Failures = append(r.Failures, "@all: <img> *x* ![y](z)")
	var out bytes.Buffer
	require.NoError(t, reports.Markdown(&out, r))
	require.Equal(t, "## ❌ FAIL `sample`\n"+`
1,234 devices · 0 sent · 0 acknowledged · seed 7 · virtual clock · 1m in 1.5s

**What failed**

- 1 message lost in the archive
- @`+"\u2060"+`all: &lt;img> \*x\* \!\[y\](z)

| | expected | measured |
|---|---|---|
| ❌ | `+"`lost == 0`"+` | 1 |

| sink | expected | stored | lost | other fates |
|---|--:|--:|--:|---|
| archive | 1,000 | 997 | **1** | 2 overwritten |

| latency from the sample | count | rate | p50 | p90 | p99 | max |
|---|--:|--:|--:|--:|--:|--:|
| time series | 3 | 0.05/s | 1ms | 2ms | 3ms | 3ms |

after a warm-up of 10s: latencies of what was sampled after it, rates of what got there after it

<details><summary>1 faults</summary>

| at | for | fault |
|---|---|---|
| 1s | the rest | `+"`connection-reset on sensor-7`"+` |

</details>

<details><summary>Messages worth a look</summary>

- `+"`sensor-7/3` in archive: lost `<b>?[31m`"+`

</details>

`+"```sh"+`
shakedown explain runs/x sensor-7/3  # what happened to sensor-7/3
shakedown replay runs/x  # the same run again
`+"```\n", out.String())
}

func TestMarkdownTablesHaveTheirColumnsWhateverDevicesSend(t *testing.T) {
	var out bytes.Buffer
	r := hostile()
	r.Expectations = []reports.Expectation{{Text: "a | b", Measured: "x|y"}}
	r.Faults[0].Target = "a|b`c|d"
	require.NoError(t, reports.Markdown(&out, r))
	bars := 0
	for line := range strings.Lines(out.String()) {
		if !strings.HasPrefix(line, "|") {
			bars = 0
			continue
		}
		n := strings.Count(strings.ReplaceAll(line, `\|`, ""), "|")
		if bars == 0 {
			bars = n
		}
		require.Equal(t, bars, n, line)
	}
	rest := strings.NewReplacer("<details><summary>", "", "</details>", "").Replace(out.String())
	require.NotContains(t, rest, "\n<", "no line of HTML but our own")
}
