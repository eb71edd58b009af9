package dynamodb

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/stretchr/testify/require"
)

func TestSegmentsOfAScanReadEverythingOnce(t *testing.T) {
	ctx, c := t.Context(), devices(t)
	for i := range 100 {
		_, err := c.PutItem(ctx, &dynamodb.PutItemInput{TableName: deviceTable, Item: counted(fmt.Sprint(i))})
		require.NoError(t, err)
	}
	seen := map[string]int{}
	const total = 7
	for segment := range int32(total) {
		pages := dynamodb.NewScanPaginator(c, &dynamodb.ScanInput{TableName: deviceTable, Segment: &segment, TotalSegments: aws.Int32(total), Limit: aws.Int32(4)})
		n := 0
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			require.NoError(t, err)
			for _, it := range page.Items {
				seen[unmarshal(t, it)["PK"].(string)]++
				n++
			}
		}
		require.NotZero(t, n, "each segment has its share")
	}
	require.Len(t, seen, 100)
	for key, n := range seen {
		require.Equal(t, 1, n, key)
	}
}

func TestSegmentsAreChecked(t *testing.T) {
	c := devices(t)
	scan := func(segment, total *int32, after item) error {
		_, err := c.Scan(t.Context(), &dynamodb.ScanInput{TableName: deviceTable, Segment: segment, TotalSegments: total, ExclusiveStartKey: after})
		return err
	}
	refused(t, scan(aws.Int32(1), nil, nil), "ValidationException", "The TotalSegments parameter is required but was not present in the request when Segment parameter is present")
	refused(t, scan(nil, aws.Int32(1), nil), "ValidationException", "The Segment parameter is required but was not present in the request when parameter TotalSegments is present")
	refused(t, scan(aws.Int32(2), aws.Int32(2), nil), "ValidationException", "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 2 is not less than TotalSegments: 2")
	require.ErrorContains(t, scan(aws.Int32(0), aws.Int32(0), nil), "Value '0' at 'totalSegments' failed to satisfy constraint: Member must have value greater than or equal to 1")
	wrong := 0
	for segment := range int32(4) {
		if err := scan(&segment, aws.Int32(4), counted("a")); err != nil {
			require.ErrorContains(t, err, "Please use ExclusiveStartKey with correct Segment")
			wrong++
		}
	}
	require.Equal(t, 3, wrong, "a key is of one segment")
}
