package reports

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// junitSuite is a suite as Jenkins' junit-10.xsd has it, of which GitLab reads a
// part: errors is required, and a time has no exponent.
type junitSuite struct {
	XMLName   xml.Name     `xml:"testsuite"`
	Name      string       `xml:"name,attr"`
	Tests     int          `xml:"tests,attr"`
	Failures  int          `xml:"failures,attr"`
	Errors    int          `xml:"errors,attr"`
	Skipped   int          `xml:"skipped,attr"`
	Time      junitSeconds `xml:"time,attr"`
	Timestamp string       `xml:"timestamp,attr,omitempty"`
	Cases     []junitCase  `xml:"testcase"`
}

// junitSeconds is a time in seconds.
type junitSeconds time.Duration

// MarshalText implements encoding.TextMarshaler.
func (s junitSeconds) MarshalText() ([]byte, error) {
	return fmt.Appendf(nil, "%.3f", time.Duration(s).Seconds()), nil
}

// junitTime is an instant as suites have it: ISO 8601 without a zone.
func junitTime(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format("2006-01-02T15:04:05")
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Failure *junitFailure `xml:"failure,omitempty"`
	Output  string        `xml:"system-out,omitempty"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// JUnit writes the result as a JUnit test suite: a case per sink, which fails
// when messages were lost there, a case per expectation, and the case verdict for the run as a whole,
// which has every failure in its text.
func JUnit(w io.Writer, r *Result) error {
	suite := junitSuite{Name: r.Scenario, Time: junitSeconds(r.Took), Timestamp: junitTime(r.Started)}
	add := func(name, problem string, more ...string) {
		c := junitCase{Class: "shakedown." + r.Scenario, Name: name}
		if problem != "" {
			hint := "explain a message: shakedown explain " + orRun(r.Folder) + " <thing>/<seq>"
			c.Failure = &junitFailure{Message: problem, Text: strings.Join(append(more, hint), "\n")}
			suite.Failures++
		}
		suite.Cases = append(suite.Cases, c)
	}
	for _, s := range r.Sinks {
		problem := ""
		if n := s.Fates["lost"]; n > 0 {
			problem = fmt.Sprintf("%d of %d messages lost", n, s.Expected)
		}
		add("nothing lost in the "+s.Name, problem)
	}
	for _, e := range r.Expectations {
		problem := ""
		if !e.Passed {
			problem = e.String()
		}
		add("expected "+e.Text, problem)
	}
	if r.Quotas != nil {
		add("quotas of AWS", "") // a breach fails a run only where it was expected not to be
		suite.Cases[len(suite.Cases)-1].Output = quotaOutput(r.Quotas)
	}
	problem := ""
	if len(r.Failures) > 0 {
		problem = r.Failures[0]
	} else if r.Interrupted {
		problem = "the run was cut short"
	}
	add("verdict", problem, slices.Clone(r.Failures)...)
	suite.Tests = len(suite.Cases)
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(suite); err != nil {
		return fmt.Errorf("write junit: %w", err)
	}
	_, err := io.WriteString(w, "\n")
	return err
}
