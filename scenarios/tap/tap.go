package tap

import (
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
	"github.com/shakedown-iot/shakedown/scenarios/offline"
	"github.com/shakedown-iot/shakedown/scenarios/quota"
)

// Tap says where what is seen goes.
type Tap struct {
	Ledger  *ledger.Ledger
	Quotas  *quota.Counter // nil counts nothing
	Offline *offline.Watch
	// Trouble takes the errors of functions, by kind.
	Trouble func(kind, text string)
	// Series is the Timestream table of readings; alerts have another. Devices is the
	// DynamoDB table.
	Series, Devices string
}
