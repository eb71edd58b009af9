package shadow

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

func TestShadow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // whose clock starts at 946684800
		var s Store
		change, err := s.Update("a", "", []byte(`{"state":{"desired":{"led":"on","rgb":{"r":1,"g":2}},"reported":{"led":"off","rgb":{"r":1}}},"clientToken":"t"}`))
		require.NoError(t, err)
		require.Contains(t, string(change.Accepted), `"version":1,"timestamp":946684800,"clientToken":"t"`)
		_, err = s.Update("a", "", []byte(`{"state":{"reported":{"led":"on","rgb":null}},"version":1}`))
		require.NoError(t, err)
		out, err := s.Get("a", "")
		require.NoError(t, err)
		stamp := `{"timestamp":946684800}`
		require.JSONEq(t, `{"state":{"desired":{"led":"on","rgb":{"r":1,"g":2}},"reported":{"led":"on"},"delta":{"rgb":{"r":1,"g":2}}},
			"metadata":{"desired":{"led":`+stamp+`,"rgb":{"r":`+stamp+`,"g":`+stamp+`}},"reported":{"led":`+stamp+`},"delta":{"rgb":{"r":`+stamp+`,"g":`+stamp+`}}},
			"version":2,"timestamp":946684800}`, string(out))
		_, err = s.Delete("a", "")
		require.NoError(t, err)
		_, err = s.Get("a", "")
		require.True(t, wire.IsCode(err, "ResourceNotFoundException"), err)
		change, err = s.Update("a", "", []byte(`{"state":{"desired":null}}`))
		require.NoError(t, err)
		require.Contains(t, string(change.Accepted), `"version":4`, "it goes on counting")
		_, err = s.Delete("a", "")
		require.NoError(t, err)
		time.Sleep(48*time.Hour + time.Second) // of the bubble
		change, err = s.Update("a", "", []byte(`{"state":{"desired":{"n":1}}}`))
		require.NoError(t, err)
		require.Contains(t, string(change.Accepted), `"version":1,`, "and begins again 48 hours after a deletion")
	})
}

// TestMostShadows: deleted shadows count only as long as their versions do.
func TestMostShadows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := Store{shadows: map[key]*shadow{}}
		for i := range maxShadows - 1 {
			s.shadows[key{fmt.Sprint(i), ""}] = &shadow{exists: true}
		}
		update := func(thing string) error {
			_, err := s.Update(thing, "", []byte(`{"state":{"desired":{"n":1}}}`))
			return err
		}
		require.NoError(t, update("a"))
		_, err := s.Delete("a", "")
		require.NoError(t, err)
		require.True(t, wire.IsCode(update("b"), "ServiceUnavailableException"))
		time.Sleep(versionLife + time.Second) // of the bubble
		require.NoError(t, update("b"))
		require.True(t, wire.IsCode(update("c"), "ServiceUnavailableException"))
	})
}

func TestShadowRefusals(t *testing.T) {
	var s Store
	_, err := s.Update("a", "n", []byte(`{"state":{"desired":{"x":1}}}`))
	require.NoError(t, err)
	require.Equal(t, []string{"n"}, s.Names("a"))
	deep := strings.Repeat(`{"x":`, 9) + "1" + strings.Repeat("}", 9)
	for payload, code := range map[string]string{
		`{"state":{"desired":{"x":2}},"version":7}`: "ConflictException",
		`{`:                                  "InvalidRequestException",
		`{}`:                                 "InvalidRequestException",
		`{"state":{"wanted":{"x":2}}}`:       "InvalidRequestException",
		`{"state":{"desired":` + deep + `}}`: "InvalidRequestException",
		`{"state":{"desired":{"x":"` + strings.Repeat("x", 8192) + `"}}}`: "RequestEntityTooLargeException",
	} {
		_, err := s.Update("a", "n", []byte(payload))
		require.True(t, wire.IsCode(err, code), "%.60s: %v", payload, err)
	}
	out, err := s.Get("a", "n")
	require.NoError(t, err)
	require.Contains(t, string(out), `"version":1`, "nothing was left behind")
}

// TestDelta: arrays are values, numbers are compared as numbers.
// https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-document.html#delta-state
func TestDelta(t *testing.T) {
	for reported, delta := range map[string]string{
		`{"a":1,"b":[1,2],"c":{"r":255,"g":255}}`:        ``,
		`{"a":1.0,"b":[1,2.0],"c":{"r":2.55e2,"g":255}}`: ``,
		`{"a":1,"b":[2,1],"c":{"r":255,"g":255}}`:        `{"b":[1,2]}`,
		`{"a":1,"b":[1],"c":{"r":255,"g":0}}`:            `{"b":[1,2],"c":{"g":255}}`,
		`{"a":"1","b":[1,2],"c":1}`:                      `{"a":1,"c":{"r":255,"g":255}}`,
		`{"b":[1,2],"c":{"r":255,"g":255},"d":1}`:        `{"a":1}`,
	} {
		var s Store
		change, err := s.Update("a", "", []byte(`{"state":{"desired":{"a":1,"b":[1,2],"c":{"r":255,"g":255}},"reported":`+reported+`}}`))
		require.NoError(t, err)
		var got struct{ State json.RawMessage }
		if delta == "" {
			require.Nil(t, change.delta, reported)
			continue
		}
		require.NoError(t, json.Unmarshal(change.delta, &got))
		require.JSONEq(t, delta, string(got.State), reported)
	}
}
