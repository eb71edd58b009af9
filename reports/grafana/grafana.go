// Package grafana holds dashboards to import into Grafana: one for the metrics of a
// run (`shakedown run --metrics`), and one for the data that the pipeline writes into
// Timestream: device health, telemetry trends, alert history.
package grafana

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed metrics.json timestream.json
var files embed.FS

// Names are the dashboards there are.
func Names() []string { return []string{"metrics", "timestream"} }

// Dashboard is the JSON of a dashboard, as Grafana imports it.
func Dashboard(name string) ([]byte, error) {
	text, err := files.ReadFile(name + ".json")
	if err != nil {
		return nil, fmt.Errorf("dashboard %q is none of %s", name, strings.Join(Names(), ", "))
	}
	return text, nil
}
