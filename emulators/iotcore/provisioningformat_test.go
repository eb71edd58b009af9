package iotcore

import (
	"testing"

	"github.com/fxamacker/cbor/v2"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
)

// TestProvisioningInCBOR: the same requests and answers in the other format.
// https://docs.aws.amazon.com/iot/latest/developerguide/fleet-provision-api.html
func TestProvisioningInCBOR(t *testing.T) {
	inBubble(t, func(f *fixture) {
		createPumps(t, f.core.registry)
		c := f.dial("claim", f.thing("claim", allowAll))
		const keys, csr, provision = "$aws/certificates/create/cbor", "$aws/certificates/create-from-csr/cbor", "$aws/provisioning-templates/pumps/provision/cbor"
		require.NotNil(t, c.subscribe(1, keys+"/accepted", csr+"/+", provision+"/+"))
		ask := func(topic, answer string, request any) map[string]any {
			payload := ""
			if request != nil {
				encoded, err := cbor.Marshal(request)
				require.NoError(t, err)
				payload = string(encoded)
			}
			require.True(t, c.publish(topic, payload))
			settle()
			c.mu.Lock()
			last := c.received[len(c.received)-1]
			c.mu.Unlock()
			require.Equal(t, topic+answer, last.TopicName, "%s", last.Payload)
			out := map[string]any{}
			require.NoError(t, cbor.Unmarshal(last.Payload, &out))
			return out
		}
		require.Contains(t, ask(keys, "/accepted", nil)["privateKey"], "PRIVATE KEY")
		require.NotEmpty(t, ask(keys, "/accepted", map[string]any{})["certificatePem"])
		got := ask(csr, "/rejected", map[string]any{"csr": "x"})
		require.Equal(t, []any{uint64(400), "InvalidPayload"}, []any{got["statusCode"], got["errorCode"]})
		made := ask(csr, "/accepted", map[string]any{"certificateSigningRequest": csrOf(t)})
		got = ask(provision, "/accepted", map[string]any{"certificateOwnershipToken": made["certificateOwnershipToken"], "parameters": map[string]string{"SerialNumber": "7"}})
		require.Equal(t, "pump-7", got["thingName"])
		require.Equal(t, registry.Active, f.status(made["certificateId"].(string)))
	})
}
