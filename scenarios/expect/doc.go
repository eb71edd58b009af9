// Package expect is the language of a scenario's expectations: one comparison a
// line, checked before a run and evaluated after it.
//
//	expect:
//	  - lost == 0
//	  - fate(dead-lettered, archive) <= 3
//	  - share(stored, archive) >= 99.9%
//	  - p99(store) < 2s
//	  - rate >= 4000/s
//	  - alerts(CRITICAL) >= 1
//	  - acked == sent
//
// The grammar:
//
//	expectation = side operator side
//	operator    = "==" | "!=" | "<" | "<=" | ">" | ">="
//	side        = measure | quantity
//	measure     = name [ "(" argument { "," argument } ")" ]
//	quantity    = number [ unit ]      unit: ms, s, m, h …  /s /min /h  %  USD
//
// A measure has a unit: a count, a duration, a rate, a share or an amount of
// money. Both sides must have the same, and one side at least is a measure. What a
// run did not measure (the p99 of no messages) fulfils nothing: it fails with the
// reason. [Measures] lists what can be measured.
package expect
