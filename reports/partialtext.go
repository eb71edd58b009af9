package reports

import "io"

// PartialText writes what is known of a killed run, as Text does for others.
func PartialText(w io.Writer, p *Partial) error {
	t := &text{w: w}
	t.line("KILLED  %s", p.Scenario)
	if p.Description != "" {
		t.paragraph("      ", p.Description)
	}
	t.line("      %s devices, seed %d, %s clock", count(p.Devices), p.Seed, p.Clock)
	t.line("")
	switch {
	case p.Started.IsZero():
		t.line("reached   the fleet had not started")
	default:
		t.line("reached   %s of %s, %s", short(p.Reached), short(p.Planned), p.Phase)
	}
	if p.Progress.Text != "" {
		t.paragraph("counts    ", p.Progress.Text+" after "+short(p.Progress.At))
	}
	if len(p.Faults) == 0 {
		t.line("faults    none had begun")
	}
	for _, f := range p.Faults {
		t.paragraph("fault     ", short(f.At)+"  "+f.Text)
	}
	for _, d := range p.Decisions {
		t.paragraph("decision  ", short(d.At)+"  "+d.Text)
	}
	if p.CutOff {
		t.paragraph("journal   ", "its last line is cut off; what came before is good")
	}
	t.line("")
	t.paragraph("", p.Notice+"; replay it with")
	t.line("  %s", p.Replay)
	return t.err
}
