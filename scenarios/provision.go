package scenarios

import (
	"context"
	"errors"
	"fmt"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
	"github.com/shakedown-iot/shakedown/sim"
	"github.com/shakedown-iot/shakedown/sim/fault"
)

// errNoFleet says that a world has nothing to run.
var errNoFleet = errors.New("the plan has no devices")

// provision makes the fleet's things and certificates, and a link for each. It does
// not go through the AWS API, as a single thing does: three signed calls for each of
// 50,000 devices take a minute.
func (f *FleetRun) provision(ctx context.Context) error {
	groups := f.plan.groups()
	identities := sim.Identities(f.plan.Seed, groups)
	if len(identities) == 0 {
		return errNoFleet
	}
	pairs, err := f.world.Cloud.IoT.Certificates().Take(len(identities), func() { f.plan.Progress.signed.Add(1) })
	if err != nil {
		return err
	}
	for i, g := range groups {
		for n, who := range identities[:g.Count] {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := f.enlist(g.Name, attributed(who, f.plan.Groups[i].Attributes), pairs[n]); err != nil {
				return err
			}
		}
		identities, pairs = identities[g.Count:], pairs[g.Count:]
	}
	return nil
}

// enlist makes one thing and its member of the fleet.
func (f *FleetRun) enlist(group string, who sim.Identity, pair registry.Pair) error {
	arn, err := f.world.Cloud.IoT.Registry().Provision(registry.Provision{
		Thing: who.Thing, Attributes: who.Attributes, Policy: f.world.Pipeline.Policy, Certificate: pair.Certificate})
	if err != nil {
		return fmt.Errorf("provision thing %s: %w", who.Thing, err)
	}
	f.members[who.Thing] = &member{
		Identity: who, group: group, identity: &Identity{Thing: who.Thing, CertificateARN: arn, pair: pair},
		link: fault.Link{Thing: who.Thing, Seed: f.plan.Seed}, ills: fault.Device{Thing: who.Thing, Seed: f.plan.Seed},
	}
	f.plan.Progress.provisioned.Add(1)
	return nil
}
