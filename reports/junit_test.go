package reports_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/reports"
)

// junit is what may stand in a report: element by element, the children and the
// attributes, a required one with a star. After Jenkins' junit-10.xsd
// (jenkinsci/xunit-plugin); GitLab reads the same elements
// (docs.gitlab.com/ci/testing/unit_test_reports).
var junit = map[string]struct{ children, attributes string }{
	"":           {"testsuite", ""},
	"testsuite":  {"testcase", "name* tests* failures* errors* skipped time timestamp"},
	"testcase":   {"failure|system-out", "name* classname time"},
	"failure":    {"", "message type"},
	"system-out": {"", ""},
}

// surefireTime is the XSD's own pattern.
var surefireTime = regexp.MustCompile(`^(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]*)?$`)

func TestJUnitIsWhatJenkinsReads(t *testing.T) {
	quick := sample()
	quick.Took = 30 * time.Microsecond // 3e-05 s
	slow := busy()
	slow.Took = 2000 * time.Hour // 7.2e+06 s
	for _, r := range []*reports.Result{quick, slow, hostile()} {
		r.Expectations = []reports.Expectation{{Text: "a", Passed: true}, {Text: "b < 1", Measured: "2"}}
		r.Quotas = &reports.Quotas{}
		var out bytes.Buffer
		require.NoError(t, reports.JUnit(&out, r))
		checkJUnit(t, &out)
	}
	var out bytes.Buffer
	require.NoError(t, reports.PartialJUnit(&out, &reports.Partial{Scenario: "x", Reached: time.Microsecond}))
	checkJUnit(t, &out)
}

func checkJUnit(t *testing.T, src io.Reader) {
	t.Helper()
	path := []string{""}
	for d := xml.NewDecoder(src); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		require.NoError(t, err)
		switch e := token.(type) {
		case xml.StartElement:
			within, name := path[len(path)-1], e.Name.Local
			require.Regexp(t, `^(`+junit[within].children+`)$`, name, "in %q", within)
			checkAttributes(t, e)
			path = append(path, name)
		case xml.EndElement:
			path = path[:len(path)-1]
		}
	}
}

func checkAttributes(t *testing.T, e xml.StartElement) {
	t.Helper()
	has := map[string]string{}
	for _, a := range e.Attr {
		has[a.Name.Local] = a.Value
		require.Regexp(t, `(^| )`+a.Name.Local+`\*?( |$)`, junit[e.Name.Local].attributes, e.Name.Local)
	}
	for _, m := range regexp.MustCompile(`(\S+)\*`).FindAllStringSubmatch(junit[e.Name.Local].attributes, -1) {
		require.Contains(t, has, m[1], e.Name.Local)
	}
	require.Regexp(t, surefireTime, has["time"])
}
