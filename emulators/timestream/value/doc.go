// Package value is what Timestream's queries compute with: typed values and their
// kinds, how they convert, compare and print. It knows neither SQL nor tables.
//
//	kind                       in       printed as
//	Double                     F        21.5, 1.0E10, NaN (Java's Double.toString)
//	Bigint, Integer            I        42
//	Boolean                    I (0, 1) true
//	Timestamp                  I (ns)   2026-11-26 02:20:00.000000000, UTC
//	Date                       I (ns)   2026-11-26
//	TimeOfDay                  I (ns)   02:20:00.000000000
//	Interval (day to second)   I (ns)   1 02:00:00.000000000
//	Months (year to month)     I        1-2
//	Varchar                    S        as it is
//	k.Array(), k.Series()      List     by its items
//
// https://docs.aws.amazon.com/timestream/latest/developerguide/supported-data-types.html
//
// A text or number that has no place in a kind is an error of [Convert] or [ParseTime],
// to which the caller adds the position.
package value
