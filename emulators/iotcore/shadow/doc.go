// Package shadow keeps device shadows, classic and named, as pure state: no HTTP,
// no connections, no goroutines.
//
//	update {"state":{"desired":{"led":"on"}}}  ─> merge ─> version+1 ─> delta = desired that reported has not
//
// Null deletes a key, arrays are replaced, a version that is not the current one is
// a conflict. A deleted shadow's version goes on counting for 48 hours. [Store.Serve]
// acts on the messages of the shadows' topics, and says what is published.
// https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-document.html
package shadow
