package reports_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/reports"
)

func TestCostsAreShownInAllAndAMessage(t *testing.T) {
	r := &reports.Result{
		Counts: reports.Throughput{Sampled: 100_000},
		Costs: []reports.Cost{
			{Part: "simulator", CPU: 3 * time.Second, Allocated: 400 << 20, Live: 9 << 20},
			{Part: "pipeline", CPU: 9 * time.Second, Allocated: 4 << 30, Live: 1 << 20},
		},
	}
	var text, page strings.Builder
	require.NoError(t, reports.Text(&text, r))
	require.Regexp(t, `simulator +3s +25 % +30µs +400 MiB +4194 bytes +9216 KiB`, text.String())
	require.NoError(t, reports.HTML(&page, r))
	require.Contains(t, page.String(), `<td>pipeline</td><td class="n" data-l="CPU">9s</td><td class="n" data-l="share">75 %</td><td class="n" data-l="a message">90µs</td>`)
	r.Costs[0].CPU, r.Costs[1].CPU = 100*time.Millisecond, 200*time.Millisecond
	require.Empty(t, r.CostRows(), "thirty samples are no split")
}
