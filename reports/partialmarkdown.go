package reports

import "io"

// PartialMarkdown writes a killed run for a pull request.
func PartialMarkdown(w io.Writer, p *Partial) error {
	m := &text{w: w}
	m.line("## ❌ KILLED %s", code(p.Scenario))
	m.line("\n%s; replay it with", prose(p.Notice))
	m.line("\n```sh\n%s\n```", p.Replay)
	if p.Started.IsZero() {
		m.line("\nThe fleet had not started.")
		return m.err
	}
	m.line("\nreached %s of %s, %s", short(p.Reached), short(p.Planned), prose(p.Phase))
	var faults []string
	for _, f := range p.Faults {
		faults = append(faults, short(f.At)+" "+f.Text)
	}
	m.bullets("Faults until then", faults)
	return m.err
}
