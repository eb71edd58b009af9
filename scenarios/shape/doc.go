// Package shape reads the shapes that a message takes on its way through the pipelines,
// the default one and the published: its topics, the stream's envelope, the alert, the
// key of a device's item. It is on purpose not the pipeline's own code: who judges a
// pipeline does not ask it.
package shape
