// Package reports turns the result of a run into things people and machines
// read: text for a terminal, JSON, JUnit XML for CI, and one self-contained HTML
// file with plots.
//
// A [Result] is plain data and a file format: Write a result as JSON and any
// report can be made again from it later. The package knows nothing of how a
// run works. Whatever devices sent is escaped.
package reports
