package readback

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/shakedown-iot/shakedown/scenarios/ledger"
	"github.com/shakedown-iot/shakedown/scenarios/shape"
)

func readAlerts(ctx context.Context, cfg aws.Config, stores Stores) ([]ledger.SentAlert, error) {
	bodies, err := receiveAll(ctx, cfg, stores.AlertQueue, stores.Wait)
	alerts := []ledger.SentAlert{}
	for _, body := range bodies {
		alert, ok := shape.Alert([]byte(body))
		if !ok {
			err = errors.Join(err, fmt.Errorf("the alert queue holds something else: %.80q", body))
			continue
		}
		alerts = append(alerts, alert)
	}
	return alerts, err
}
