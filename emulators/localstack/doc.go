// Package localstack starts LocalStack, or an image that stands in for it, in a
// container: the stores of the localstack backend.
//
// It needs a Docker engine; [Preflight] says whether one answers, without the
// panics and the waits of what comes behind it. The image is pinned to the last tag
// that needs no account ([DefaultImage]); any other is started as it, Shakedown's
// own included, as long as it answers GET /_localstack/health on port 4566.
//
// No container is left behind: [Container.Close] removes it; each carries a label
// with the process that owns it, and [Sweep], which every [Start] begins with,
// removes those whose process has ended without a word. Testcontainers' reaper does
// the same where its image is on the machine; where it is not, it is switched off
// rather than pulled.
package localstack
