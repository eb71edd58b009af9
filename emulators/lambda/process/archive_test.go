package process_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io/fs"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/lambda/process"
)

func TestAPackageThatMustNotBeUnpacked(t *testing.T) {
	link := func() []byte {
		var out bytes.Buffer
		w := zip.NewWriter(&out)
		header := &zip.FileHeader{Name: "bootstrap"}
		header.SetMode(fs.ModeSymlink | 0o777)
		f, err := w.CreateHeader(header)
		require.NoError(t, err)
		_, err = f.Write([]byte("/bin/sh"))
		require.NoError(t, err)
		require.NoError(t, w.Close())
		return out.Bytes()
	}
	for name, c := range map[string]struct {
		zip  []byte
		want string
	}{
		"no zip":       {[]byte("PK"), "could not unzip uploaded file"},
		"parent":       {zipOf(t, map[string]string{"../evil": ""}), "leads out of the package"},
		"deep parent":  {zipOf(t, map[string]string{"a/../../evil": ""}), "leads out of the package"},
		"absolute":     {zipOf(t, map[string]string{"/etc/evil": ""}), "leads out of the package"},
		"backslash":    {zipOf(t, map[string]string{`..\evil`: ""}), "leads out of the package"},
		"link":         {link(), "neither a file nor a directory"},
		"claims a lot": {claiming(t, 300<<20), "unzipped size must be smaller than 262144000 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := process.NewFunction(process.Spec{Runtime: "provided.al2023", Package: c.zip})
			require.ErrorContains(t, err, c.want)
		})
	}
}

// claiming is a zip whose one entry claims a size.
func claiming(t *testing.T, size uint32) []byte {
	data := zipOf(t, map[string]string{"bootstrap*": "x"})
	at := bytes.LastIndex(data, []byte("PK\x01\x02"))
	require.Positive(t, at)
	binary.LittleEndian.PutUint32(data[at+24:], size)
	return data
}

func TestAnEntryLargerThanItClaimsIsNotUnpacked(t *testing.T) {
	b := newBench(t, 0)
	data := zipOf(t, map[string]string{"bootstrap*": "#!/bin/sh\nexit 0\n"})
	binary.LittleEndian.PutUint32(data[bytes.LastIndex(data, []byte("PK\x01\x02"))+24:], 3)
	f := function(t, process.Spec{Runtime: "provided.al2023", Package: data})
	_, err := b.Invoke(f, invocation(`{}`, 1))
	require.ErrorContains(t, err, "unpack bootstrap")
}

func TestRuntimesThatAreRefused(t *testing.T) {
	empty := zipOf(t, nil)
	for runtime, want := range map[string]string{
		"java21":     `runtime "java21" is not implemented`,
		"nodejs99.x": "runtime nodejs99.x needs",
		"python3.1":  "runtime python3.1 needs",
	} {
		_, err := process.NewFunction(process.Spec{Runtime: runtime, Package: empty})
		require.ErrorContains(t, err, want)
	}
	_, err := process.NewFunction(process.Spec{Runtime: "provided.al2023", Package: empty, Environment: map[string]string{"AWS_REGION": "x"}})
	require.ErrorContains(t, err, "reserved keys")
}

func FuzzArchive(f *testing.F) {
	f.Add([]byte("PK\x05\x06" + string(make([]byte, 18))))
	f.Fuzz(func(t *testing.T, data []byte) {
		process.NewFunction(process.Spec{Runtime: "provided.al2023", Package: data})
	})
}
