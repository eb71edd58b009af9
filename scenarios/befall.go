package scenarios

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	iottypes "github.com/aws/aws-sdk-go-v2/service/iot/types"

	"github.com/shakedown-iot/shakedown/sim/fault"
)

// befall lets fault i begin on one device.
func (f *FleetRun) befall(ctx context.Context, m *member, i int, x fault.Fault) {
	switch x.Kind {
	case fault.CertificateRevoked:
		f.setCertificate(ctx, m.Thing, m.identity, iottypes.CertificateStatusRevoked)
	case fault.CertificateExpired:
		m.mu.Lock()
		if m.expired == nil {
			m.expired = map[int]*Identity{}
		}
		m.expired[i] = f.spares[i][m.Thing]
		m.mu.Unlock()
		m.device.Reconnect()
	case fault.DuplicateClient:
		m.mu.Lock()
		if m.twins == nil {
			m.twins = map[int]*twin{}
		}
		m.twins[i] = startTwin(f.world, m)
		m.mu.Unlock()
	default:
		m.link.Begin(i, x)
		m.ills.Begin(i, x)
	}
}

// relieve ends it.
func (f *FleetRun) relieve(ctx context.Context, m *member, i int, x fault.Fault) {
	switch x.Kind {
	case fault.CertificateRevoked:
		f.setCertificate(ctx, m.Thing, m.identity, iottypes.CertificateStatusActive)
	case fault.CertificateExpired:
		m.mu.Lock()
		delete(m.expired, i)
		m.mu.Unlock()
	case fault.DuplicateClient:
		m.dismiss(i)
	default:
		m.link.End(i)
		m.ills.End(i)
	}
}

func (f *FleetRun) setCertificate(ctx context.Context, thing string, identity *Identity, status iottypes.CertificateStatus) {
	_, err := iot.NewFromConfig(f.world.AWS).UpdateCertificate(ctx, &iot.UpdateCertificateInput{
		CertificateId: aws.String(identity.CertificateID()), NewStatus: status})
	if err != nil {
		f.world.trouble.add("certificates", fmt.Sprintf("%s of %s: %s", status, thing, err))
	}
}

// prepare makes the certificates that will have expired when their fault begins:
// AWS does not take one that has.
func (f *FleetRun) prepare(ctx context.Context) error {
	f.spares = make([]map[string]*Identity, len(f.plan.Faults))
	for i, x := range f.plan.Faults {
		if x.Kind != fault.CertificateExpired {
			continue
		}
		f.spares[i] = map[string]*Identity{}
		for _, thing := range f.chosen[i] {
			until := time.Now().Add(max(x.At-time.Second, time.Second))
			identity, err := f.world.AddCertificate(ctx, thing, until)
			if err != nil {
				return err
			}
			f.spares[i][thing] = identity
		}
	}
	return nil
}
