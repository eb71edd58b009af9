package bubble

import (
	"testing"
	"testing/synctest"
	"time"
)

// Test is synctest.Test with the virtual clock put to start first.
func Test(t *testing.T, start time.Time, f func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(start))
		f(t)
	})
}
