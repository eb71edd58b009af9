package registry

import (
	"context"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// UpdateCAInput is the request of UpdateCACertificate; what is empty stays.
type UpdateCAInput struct {
	CertificateID             string              `json:"-" path:"caCertificateId"`
	NewStatus                 Status              `json:"-" query:"newStatus"`
	NewAutoRegistrationStatus string              `json:"-" query:"newAutoRegistrationStatus"`
	RegistrationConfig        *RegistrationConfig `json:"registrationConfig"`
	RemoveAutoRegistration    bool                `json:"removeAutoRegistration"`
}

// UpdateCACertificate changes what an authority may do. Certificates that it signed
// stay as they are.
// https://docs.aws.amazon.com/iot/latest/apireference/API_UpdateCACertificate.html
func (s *State) UpdateCACertificate(_ context.Context, in *UpdateCAInput) (*Empty, error) {
	if in.RemoveAutoRegistration && in.RegistrationConfig != nil {
		return nil, invalid("UpdateCACertificate: registrationConfig and removeAutoRegistration exclude each other")
	}
	defer s.change()()
	ca, err := s.authority(in.CertificateID)
	if err != nil {
		return nil, err
	}
	next := *ca
	switch in.NewStatus {
	case "":
	case Active, Inactive:
		next.active = in.NewStatus == Active
	default:
		return nil, invalid("newStatus of a CA certificate is ACTIVE or INACTIVE, not %q", in.NewStatus)
	}
	if in.RegistrationConfig != nil {
		if next.registration, err = s.newRegistration(in.RegistrationConfig, ca.id); err != nil {
			return nil, err
		}
	}
	if in.RemoveAutoRegistration {
		next.registration, next.automatic = nil, false
	}
	switch in.NewAutoRegistrationStatus {
	case "":
	case "ENABLE", "DISABLE":
		next.automatic = in.NewAutoRegistrationStatus == "ENABLE"
	default:
		return nil, invalid("newAutoRegistrationStatus is ENABLE or DISABLE, not %q", in.NewAutoRegistrationStatus)
	}
	next.modified = time.Now().UTC()
	*ca = next
	return &Empty{}, nil
}

// DeleteCACertificate forgets an authority that is INACTIVE; the certificates that it
// signed stay.
func (s *State) DeleteCACertificate(_ context.Context, in *CAInput) (*Empty, error) {
	defer s.change()()
	ca, err := s.authority(in.CertificateID)
	if err != nil {
		return nil, err
	}
	if ca.active {
		return nil, wire.Errorf(codeState, 406, "CA certificate must be deactivated before deletion (id=%s)", ca.id)
	}
	delete(s.authorities, ca.id)
	delete(s.tags, s.caARN(ca.id))
	return &Empty{}, nil
}
