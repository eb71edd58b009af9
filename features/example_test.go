package features_test

import (
	"os"
	"testing"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/shakedown-iot/shakedown/features"
	"github.com/shakedown-iot/shakedown/scenarios"
)

// In another project: its own .feature files, with Shakedown's steps, its own
// handlers bound by name, and rules that its features create. A complete one is in
// testdata/stranger.
func ExampleSuite() {
	frost := func(reading struct{ T float64 }) (string, error) { return "brr", nil }
	_ = func(t *testing.T) { // TestMine
		features.Suite{FS: os.DirFS("."), World: scenarios.WorldOptions{
			Functions: map[string]lambda.Handler{"my-frost-handler": lambda.NewHandler(frost)},
		}}.Run(t)
	}
}
