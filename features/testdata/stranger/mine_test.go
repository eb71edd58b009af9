package mine

import (
	"os"
	"testing"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/shakedown-iot/shakedown/features"
	"github.com/shakedown-iot/shakedown/scenarios"
)

func frost(reading struct{ T float64 }) (string, error) { return "brr", nil }

func TestMine(t *testing.T) {
	features.Suite{FS: os.DirFS("."), World: scenarios.WorldOptions{
		Functions: map[string]lambda.Handler{"my-frost-handler": lambda.NewHandler(frost)},
	}}.Run(t)
}
