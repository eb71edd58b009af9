package dynamodb

import (
	"context"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// DescribeContinuousBackupsInput is the request of DescribeContinuousBackups.
type DescribeContinuousBackupsInput struct{ TableName string }

// DescribeContinuousBackupsOutput is the answer of DescribeContinuousBackups.
type DescribeContinuousBackupsOutput struct {
	ContinuousBackupsDescription ContinuousBackupsDescription
}

// ContinuousBackupsDescription tells that there are no backups.
type ContinuousBackupsDescription struct {
	ContinuousBackupsStatus        string
	PointInTimeRecoveryDescription PointInTimeRecoveryDescription
}

// PointInTimeRecoveryDescription tells that a table has no recovery.
type PointInTimeRecoveryDescription struct{ PointInTimeRecoveryStatus string }

// DescribeContinuousBackups tells the truth about a table: it has no backups.
func (s *State) DescribeContinuousBackups(_ context.Context, in *DescribeContinuousBackupsInput) (*DescribeContinuousBackupsOutput, error) {
	s.rlock()
	defer s.mu.RUnlock()
	if _, err := s.table(in.TableName); err != nil {
		return nil, tableNotFound(err, s.tableName(in.TableName))
	}
	return &DescribeContinuousBackupsOutput{ContinuousBackupsDescription{"DISABLED", PointInTimeRecoveryDescription{"DISABLED"}}}, nil
}

// tableNotFound is the error of the operations on backups, which have their own.
func tableNotFound(err error, name string) error {
	if wire.IsCode(err, "ResourceNotFoundException") {
		return wire.Errorf("TableNotFoundException", 0, "Table not found: %s", name)
	}
	return err
}
