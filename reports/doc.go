// Package reports turns the result of a run into things people and machines read:
// text for a terminal, JSON with a schema, JUnit XML for CI, Markdown for a pull
// request, and one self-contained HTML file with charts. [Compare] holds a run
// against an earlier one.
//
// A [Result] is plain data and a file format: Write a result as JSON and any
// report can be made again from it later. The package knows nothing of how a
// run works. Whatever devices sent is escaped.
//
// The HTML has no script and asks nothing of the network. Its sections are the
// *.html.tmpl files; package browser looks at it in Chromium.
package reports
