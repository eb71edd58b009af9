package console_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"

	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/scenarios/console"
)

// The console is an http.Handler on an aws.Config: of a world in this process, as
// here, or of any other place where the pipeline is deployed.
func Example() {
	ctx := context.Background()
	world, err := scenarios.NewWorld(ctx, scenarios.WorldOptions{})
	if err != nil {
		panic(err)
	}
	defer world.Close()
	page, err := console.New(console.Config{AWS: world.Observer(), Pipeline: world.Pipeline, Deployed: world.Deployed})
	if err != nil {
		panic(err)
	}
	answer := httptest.NewRecorder()
	page.ServeHTTP(answer, httptest.NewRequest("GET", "http://localhost/rules", nil))
	fmt.Println(answer.Code, strings.Contains(answer.Body.String(), "TelemetryToKinesis"))
	// Output: 200 true
}
