package offline

import (
	"fmt"
	"time"
)

// disagreements are the devices whose status in the device table is not what they
// are at the end of observation: offline though the table has a recent sign of
// life of a device that is up, or online though it has been out for longer than
// the detector needs.
func disagreements(subjects []subject, r rules) []string {
	var list []string
	for _, s := range subjects {
		if len(s.spans) == 0 || len(s.signs) == 0 {
			continue
		}
		now, last := s.spans[len(s.spans)-1], s.signs[len(s.signs)-1]
		n := len(s.verdicts)
		offline := n > 0 && s.verdicts[n-1].to == r.end
		heard := time.Duration(r.end - last.at).Round(time.Millisecond)
		switch {
		case offline && now.state == up && last.at > r.end-r.silence && last.known < r.end-r.settle:
			list = append(list, fmt.Sprintf("%s is up and was heard %s before the end, and its status is offline", s.thing, heard))
		case !offline && now.state == out && max(now.from, last.known) < r.end-r.silence-2*r.sweep:
			list = append(list, fmt.Sprintf("%s is out (%s) and was heard %s before the end, and its status is online", s.thing, now.cause, heard))
		}
	}
	return list
}
