package provisioning

import (
	"encoding/json"

	"github.com/fxamacker/cbor/v2"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// payloadFormat is how the payloads of provisioning are written.
type payloadFormat struct {
	name    string
	decode  func(payload []byte, in any) error // strict
	marshal func(any) ([]byte, error)
}

// payloadFormats are those that topics name.
var payloadFormats = map[string]payloadFormat{
	"json": {"JSON", wire.Strict, json.Marshal},
	"cbor": {"CBOR", deviceCBOR.Unmarshal, cbor.Marshal},
}

// deviceCBOR is what devices may send: no member twice, none that a request has not.
var deviceCBOR = func() cbor.DecMode {
	mode, err := cbor.DecOptions{
		DupMapKey: cbor.DupMapKeyEnforcedAPF, ExtraReturnErrors: cbor.ExtraDecErrorUnknownField, MaxNestedLevels: 8, TagsMd: cbor.TagsForbidden,
		FieldNameMatching: cbor.FieldNameMatchingCaseSensitive,
	}.DecMode()
	if err != nil {
		panic(err) // the options are constants
	}
	return mode
}()

// read refuses members that the request has not: nothing would act on them.
func (f payloadFormat) read(payload []byte, in any) error {
	if err := f.decode(payload, in); err != nil {
		return wire.Errorf("InvalidPayload", 400, "the payload is not the %s of the request: %s", f.name, err)
	}
	return nil
}
