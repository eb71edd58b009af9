// Package operationtest holds a service to the operation table in its package
// comment: every operation that the SDK's client knows is in the table, an
// implemented one acts, and any other is refused by name.
//
// The table is the section "# Operations" of doc.go. Operations stand in
// preformatted lines, separated by spaces or as the first word of a line that
// explains them after a colon; those behind a line of text that begins with
// "Refused" are refused, those before it implemented:
//
//	// # Operations
//	//
//	//	CreateStream DeleteStream
//	//
//	// Refused by name:
//	//
//	//	CreateChannel DeleteChannel
//
// A service's test is then
//
//	operationtest.Check(t, config, func(c aws.Config) *kinesis.Client { return kinesis.NewFromConfig(c) }, actOnAll)
//
// where actOnAll makes every implemented operation succeed once. With the option Fields
// the members of the inputs are held to the same rule.
package operationtest

import (
	"reflect"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Check compares the operations of a service's SDK client, the operation table
// of doc.go in the working directory, and what the service does.
//
// config reaches the service. act uses the client it is given; an implemented
// operation passes when at least one of act's calls of it succeeded, a refused
// one when it answers with an API error that says "<operation> … is not
// implemented by Shakedown". A table that spans several clients (a control and a
// data plane) takes one Check a client: operations of another client may stand
// in it, so name the others with Also.
func Check[C any](t *testing.T, config aws.Config, client func(aws.Config) C, act func(*testing.T, C), options ...Option) {
	t.Helper()
	s := settings{doc: "doc.go"}
	for _, option := range options {
		option(&s)
	}
	table, err := readTable(s.doc)
	if err != nil {
		t.Fatal(err)
	}
	record := &recorder{}
	f := fields{client: reflect.ValueOf(client(config)), except: s.except}
	if s.fields {
		record.unknown = f.unknown
	}
	watched := config.Copy()
	watched.APIOptions = append(watched.APIOptions, record.watch)
	act(t, client(watched))

	known := operationsOf(client(config))
	for _, also := range s.others {
		for name := range operationsOf(also) {
			if _, ok := known[name]; !ok {
				known[name] = nil
			}
		}
	}
	for _, complaint := range table.check(t.Context(), known, record.succeeded()) {
		t.Errorf("%s: %s", s.doc, complaint)
	}
	if s.fields {
		f.calls = record.calls
		for _, complaint := range f.check(t.Context()) {
			t.Error(complaint)
		}
	}
}

// Option changes a Check.
type Option func(*settings)

type settings struct {
	doc    string
	others []any
	fields bool
	except map[string]string // see Fields
}

// Doc names the file with the operation table.
func Doc(path string) Option { return func(s *settings) { s.doc = path } }

// Also names other SDK clients whose operations stand in the same table.
func Also(clients ...any) Option {
	return func(s *settings) { s.others = append(s.others, clients...) }
}
