package dynamodb

import (
	"context"
	"fmt"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// maxRecoveryDays is how many days a table can be gone back; the default too.
const maxRecoveryDays = 35

// DescribeContinuousBackupsInput is the request of DescribeContinuousBackups.
type DescribeContinuousBackupsInput struct{ TableName string }

// UpdateContinuousBackupsInput is the request of UpdateContinuousBackups.
type UpdateContinuousBackupsInput struct {
	TableName                        string
	PointInTimeRecoverySpecification *PointInTimeRecoverySpecification
}

// PointInTimeRecoverySpecification is whether a table is to be recoverable, and for
// how many days.
type PointInTimeRecoverySpecification struct {
	PointInTimeRecoveryEnabled *bool
	RecoveryPeriodInDays       *int
}

// ContinuousBackupsOutput is the answer of both operations.
type ContinuousBackupsOutput struct {
	ContinuousBackupsDescription ContinuousBackupsDescription
}

// ContinuousBackupsDescription is of a table. There are no times to restore to:
// RestoreTableToPointInTime is refused by name.
type ContinuousBackupsDescription struct {
	ContinuousBackupsStatus        string
	PointInTimeRecoveryDescription PointInTimeRecoveryDescription
}

// PointInTimeRecoveryDescription is the setting of a table.
type PointInTimeRecoveryDescription struct {
	PointInTimeRecoveryStatus string
	RecoveryPeriodInDays      int `json:",omitempty"`
}

// DescribeContinuousBackups tells the setting of a table.
func (s *State) DescribeContinuousBackups(_ context.Context, in *DescribeContinuousBackupsInput) (*ContinuousBackupsOutput, error) {
	s.rlock()
	defer s.mu.RUnlock()
	t, err := s.table(in.TableName)
	if err != nil {
		return nil, tableNotFound(err, s.tableName(in.TableName))
	}
	return t.describeBackups(), nil
}

// UpdateContinuousBackups keeps the setting of a table.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateContinuousBackups.html
func (s *State) UpdateContinuousBackups(_ context.Context, in *UpdateContinuousBackupsInput) (*ContinuousBackupsOutput, error) {
	days, err := in.PointInTimeRecoverySpecification.days()
	if err != nil {
		return nil, err
	}
	s.lock()
	defer s.mu.Unlock()
	t, err := s.table(in.TableName)
	if err != nil {
		return nil, tableNotFound(err, s.tableName(in.TableName))
	}
	t.recoveryDays = days
	return t.describeBackups(), nil
}

// days is for how long, or 0.
func (in *PointInTimeRecoverySpecification) days() (int, error) {
	const member = "pointInTimeRecoverySpecification"
	switch {
	case in == nil:
		return 0, constraint("null", member, "Member must not be null")
	case in.PointInTimeRecoveryEnabled == nil:
		return 0, constraint("null", member+".pointInTimeRecoveryEnabled", "Member must not be null")
	case !*in.PointInTimeRecoveryEnabled && in.RecoveryPeriodInDays != nil:
		return 0, invalid("Invalid Request: Cannot specify RecoveryPeriodInDays when disabling point-in-time recovery.")
	case !*in.PointInTimeRecoveryEnabled:
		return 0, nil
	case in.RecoveryPeriodInDays == nil:
		return maxRecoveryDays, nil
	case *in.RecoveryPeriodInDays < 1 || *in.RecoveryPeriodInDays > maxRecoveryDays:
		return 0, constraint(fmt.Sprintf("'%d'", *in.RecoveryPeriodInDays), member+".recoveryPeriodInDays", fmt.Sprintf("Member must be between 1 and %d", maxRecoveryDays))
	}
	return *in.RecoveryPeriodInDays, nil
}

// describeBackups tells the setting. The service has continuous backups of every
// table, so that only the recovery is switched.
func (t *table) describeBackups() *ContinuousBackupsOutput {
	d := ContinuousBackupsDescription{"ENABLED", PointInTimeRecoveryDescription{"DISABLED", t.recoveryDays}}
	if t.recoveryDays > 0 {
		d.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus = "ENABLED"
	}
	return &ContinuousBackupsOutput{d}
}

// tableNotFound is the error of the operations on backups, which have their own.
func tableNotFound(err error, name string) error {
	if wire.IsCode(err, "ResourceNotFoundException") {
		return wire.Errorf("TableNotFoundException", 0, "Table not found: %s", name)
	}
	return err
}
