package operationtest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"
)

const document = `// Package p is a service.
//
// # Operations
//
//	CreateThing DeleteThing
//	DescribeThing: with the attributes alone
//
// Refused by name, one a line:
//
//	CreateMoon
//
// # Limits
//
//	NotAnOperation
package p
`

func tableOf(t *testing.T, text string) (table, error) {
	path := filepath.Join(t.TempDir(), "doc.go")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return readTable(path)
}

func TestReadTable(t *testing.T) {
	got, err := tableOf(t, document)
	require.NoError(t, err)
	require.Equal(t, table{
		implemented: map[string]bool{"CreateThing": true, "DeleteThing": true, "DescribeThing": true},
		refused:     map[string]bool{"CreateMoon": true},
	}, got)
	_, err = tableOf(t, "// Package p is nothing.\npackage p\n")
	require.ErrorContains(t, err, "no section")
	_, err = tableOf(t, "// Package p is.\n//\n// # Operations\n//\n//\tA1 A1\npackage p\n")
	require.ErrorContains(t, err, "A1 stands there twice")
}

func answering(err error) operation { return func(context.Context) error { return err } }

func TestCheckFindsWhatIsWrong(t *testing.T) {
	tab, err := tableOf(t, document)
	require.NoError(t, err)
	refusal := &smithy.GenericAPIError{Code: "UnknownOperationException", Message: "CreateMoon is not implemented by Shakedown"}
	good := func() map[string]operation {
		return map[string]operation{"CreateThing": answering(nil), "DeleteThing": answering(nil), "DescribeThing": answering(nil), "CreateMoon": answering(refusal)}
	}
	acted := map[string]bool{"CreateThing": true, "DeleteThing": true, "DescribeThing": true}
	require.Empty(t, tab.check(t.Context(), good(), acted))

	known := good()
	known["CreateMoon"] = answering(nil)
	require.Equal(t, []string{"CreateMoon is said to be refused, but answers: <nil>"}, tab.check(t.Context(), known, acted))
	known["CreateMoon"] = answering(errors.New("CreateMoon is not implemented by Shakedown"))
	require.Len(t, tab.check(t.Context(), known, acted), 1, "an error without a code is not the service's")
	known = good()
	known["NewThing"] = answering(nil)
	require.Equal(t, []string{"NewThing is not in the operation table"}, tab.check(t.Context(), known, acted))
	known = good()
	delete(known, "DeleteThing")
	require.Equal(t, []string{"DeleteThing is in the operation table, but the SDK does not know it"}, tab.check(t.Context(), known, acted))
	require.Equal(t, []string{"DeleteThing is said to be implemented, but no call of it succeeded"},
		tab.check(t.Context(), good(), map[string]bool{"CreateThing": true, "DescribeThing": true}))
	require.Equal(t, []string{"the client has no operations"}, table{}.check(t.Context(), nil, nil))
}
