// Package console is the source's device management app: a web page on the device
// API, for people. It shows devices by status, one device with its telemetry and
// raw messages, alerts and their history, rules, streams and functions, and sends
// commands.
//
//	h, err := console.New(console.Config{AWS: world.AWS, Pipeline: world.Pipeline, Deployed: world.Deployed})
//	http.Serve(loopback, h)
//
// # What it reads
//
// Devices come from the device API and, those that were never heard of, from the
// registry of IoT Core; charts and alerts from Timestream; raw messages from S3;
// the rest from the services' control planes. All of it is public AWS API: any
// backend will do. Only counters (Config.Traffic) have no API short of CloudWatch;
// without them the pages say so.
//
// # What keeps it safe
//
// It is an http.Handler and opens no socket; it is meant for loopback, where
// everybody on the machine is the operator. It answers only requests whose Host is
// this machine's (no DNS rebinding), takes a command only from a page of its own
// (Origin, and a token), runs no script and no style but its own two files
// (Content-Security-Policy), and html/template escapes what devices say. Answers
// of services are bounded in number and size.
//
// # How it is live
//
// A page is complete without script. The script asks for the page again every two
// seconds and puts the parts marked data-live in the place of the old ones.
package console
