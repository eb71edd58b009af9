package fault

import "time"

// clockSkew puts the clock ahead; several add up.
type clockSkew time.Duration

func (s clockSkew) on(b *behaviour) { b.skew += time.Duration(s) }
