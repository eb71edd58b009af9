package lambda

import "github.com/shakedown-iot/shakedown/emulators/wire"

// The settings that have one value here. Clients such as Terraform send them
// although they are the defaults; any other value is refused.
type (
	// TracingConfig is Mode PassThrough: nothing is traced.
	TracingConfig struct{ Mode string }
	// EphemeralStorage is 512 MB of temporary files; that is not enforced.
	EphemeralStorage struct{ Size int32 }
	// SnapStart applies to None.
	SnapStart struct {
		ApplyOn            string
		OptimizationStatus string `json:",omitempty"`
	}
	// VpcConfig is none.
	VpcConfig struct {
		SubnetIds               []string
		SecurityGroupIds        []string
		Ipv6AllowedForDualStack *bool
	}
)

const defaultStorage = 512 // MB

// fixed are those of a request.
type fixed struct {
	TracingConfig    *TracingConfig
	EphemeralStorage *EphemeralStorage
	SnapStart        *SnapStart
	VpcConfig        *VpcConfig
	Layers           []string
	KMSKeyArn        string
}

// check refuses what is not the default.
func (f fixed) check(operation string) error {
	refuse := func(member, value string) error {
		return wire.Errorf(codeInvalid, 0, "%s: member %q is not implemented by Shakedown, but for %s", operation, member, value)
	}
	switch {
	case f.TracingConfig != nil && f.TracingConfig.Mode != "PassThrough" && f.TracingConfig.Mode != "":
		return refuse("TracingConfig", "PassThrough")
	case f.EphemeralStorage != nil && f.EphemeralStorage.Size != defaultStorage:
		return refuse("EphemeralStorage", "512 MB")
	case f.SnapStart != nil && f.SnapStart.ApplyOn != "None" && f.SnapStart.ApplyOn != "":
		return refuse("SnapStart", "None")
	case f.VpcConfig.given():
		return refuse("VpcConfig", "one without SubnetIds, SecurityGroupIds and Ipv6AllowedForDualStack")
	case len(f.Layers) > 0:
		return refuse("Layers", "an empty list")
	case f.KMSKeyArn != "":
		return refuse("KMSKeyArn", "an empty one")
	}
	return nil
}

// given tells whether there is a network to connect to.
func (c *VpcConfig) given() bool {
	return c != nil && (len(c.SubnetIds)+len(c.SecurityGroupIds) > 0 || c.Ipv6AllowedForDualStack != nil && *c.Ipv6AllowedForDualStack)
}
