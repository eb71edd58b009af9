package readback

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/shakedown-iot/shakedown/scenarios/ledger"
)

// Stores names what a read-back looks into.
type Stores struct {
	Bucket, Table, Stream     string
	Database, TimeSeriesTable string
	AlertQueue, DeadLetters   string // queue URLs; empty: there is none
	// Wait is how long a queue is waited at before it counts as empty.
	Wait time.Duration
}

// Inventory takes what a read-back finds, one by one: a ledger, or a test.
type Inventory interface {
	FoundObject(ledger.Object)
	FoundRow(ledger.Row)
}

// Read collects the evidence of what is stored through the public AWS APIs.
// Objects and points go to the inventory, from several goroutines.
func Read(ctx context.Context, cfg aws.Config, stores Stores, into Inventory) (ledger.Evidence, error) {
	var ev ledger.Evidence
	var errs []error
	keep := func(what string, err error) bool {
		if err != nil {
			errs = append(errs, fmt.Errorf("read back %s: %w", what, err))
		}
		return err == nil
	}
	var reading sync.WaitGroup
	var archive, series, err error
	reading.Go(func() { archive = readObjects(ctx, cfg, stores.Bucket, into) })
	reading.Go(func() { series = readRows(ctx, cfg, stores, into) })
	reading.Wait()
	if errors.Is(archive, errNoSums) {
		ev.Unseen, archive = append(ev.Unseen, "archive: "+archive.Error()), nil
	} else {
		ev.Archive = archive == nil
	}
	keep("archive", archive)
	ev.TimeSeries = keep("time series", series)
	if ev.States, err = readStates(ctx, cfg, stores.Table); !keep("device states", err) {
		ev.States = nil // half of them would make the others lost
	}
	if ev.Alerts, err = readAlerts(ctx, cfg, stores); !keep("alerts", err) {
		ev.Alerts = nil
	}
	ev.DeadLetters, err = readDeadLetters(ctx, cfg, stores)
	keep("dead letters", err)
	return ev, errors.Join(errs...)
}
