package dynamodb

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestOldParametersAreRefusedByName goes through
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.html
func TestOldParametersAreRefusedByName(t *testing.T) {
	h := Handler(New(Config{}))
	for operation, members := range map[string][]string{
		"PutItem":    {"Expected", "ConditionalOperator"},
		"UpdateItem": {"Expected", "ConditionalOperator"},
		"DeleteItem": {"Expected", "ConditionalOperator"},
		"GetItem":    {"AttributesToGet"},
		"Query":      {"AttributesToGet", "KeyConditions", "QueryFilter", "ConditionalOperator"},
		"Scan":       {"AttributesToGet", "ScanFilter", "ConditionalOperator"},
	} {
		for _, member := range members {
			r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(fmt.Sprintf(`{"TableName":"tab",%q:{}}`, member)))
			r.Header.Set("X-Amz-Target", "DynamoDB_20120810."+operation)
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, r)
			require.Equal(t, http.StatusBadRequest, rec.Code)
			require.Contains(t, rec.Body.String(), "ValidationException")
			require.Contains(t, rec.Body.String(), fmt.Sprintf(`%s: member \"%s\" is not implemented by Shakedown`, operation, member))
		}
	}
}
