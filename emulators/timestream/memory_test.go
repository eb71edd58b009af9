package timestream_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/timestreamwrite"
	"github.com/aws/aws-sdk-go-v2/service/timestreamwrite/types"
	"github.com/stretchr/testify/require"
)

// A table that names no retention keeps six hours in memory, and what is older is
// rejected.
//
// AWS.md §4: Outside the memory-store retention (default 6 h) → rejected unless
// magnetic writes are on.
func TestRecordsAreKeptInMemorySixHours(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(48 * time.Hour)
		c := start(t)
		made, err := c.write.CreateTable(t.Context(), &timestreamwrite.CreateTableInput{DatabaseName: aws.String("iot-data"), TableName: aws.String("plain")})
		require.NoError(t, err)
		require.Equal(t, int64(6), *made.Table.RetentionProperties.MemoryStoreRetentionPeriodInHours)
		write := func(r types.Record) error {
			_, err := c.write.WriteRecords(t.Context(), &timestreamwrite.WriteRecordsInput{DatabaseName: aws.String("iot-data"), TableName: aws.String("plain"), Records: []types.Record{r}})
			return err
		}
		require.NoError(t, write(record("a", "t", "1", time.Now().Add(-6*time.Hour+time.Second), 0)))
		require.Contains(t, reasons(t, write(record("a", "t", "1", time.Now().Add(-6*time.Hour-time.Second), 0)))[0], "outside the time range")
	})
}
