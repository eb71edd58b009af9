package registry

import (
	"context"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// authority finds a CA certificate; the caller holds the lock.
func (s *State) authority(id string) (*caCertificate, error) {
	if ca := s.authorities[id]; ca != nil {
		return ca, nil
	}
	return nil, notFound("CA certificate %s does not exist", id)
}

func (s *State) authoritiesInOrder(ascending bool) []*caCertificate {
	return byCreation(s.authorities, func(ca *caCertificate) int { return ca.order }, ascending)
}

func (ca *caCertificate) status() Status {
	if ca.active {
		return Active
	}
	return Inactive
}

// CAInput is the request of DescribeCACertificate and DeleteCACertificate.
type CAInput struct {
	CertificateID string `json:"-" path:"caCertificateId"`
}

// CADescription is what is known of a CA certificate.
type CADescription struct {
	CertificateArn         string    `json:"certificateArn"`
	CertificateID          string    `json:"certificateId"`
	Status                 Status    `json:"status"`
	CertificatePem         string    `json:"certificatePem"`
	OwnedBy                string    `json:"ownedBy"`
	CreationDate           wire.Time `json:"creationDate"`
	AutoRegistrationStatus string    `json:"autoRegistrationStatus"`
	LastModifiedDate       wire.Time `json:"lastModifiedDate"`
	CustomerVersion        int       `json:"customerVersion"`
	GenerationID           string    `json:"generationId"`
	Validity               Validity  `json:"validity"`
	CertificateMode        string    `json:"certificateMode"`
}

// DescribeCAOutput is the answer of DescribeCACertificate.
type DescribeCAOutput struct {
	Description        CADescription       `json:"certificateDescription"`
	RegistrationConfig *RegistrationConfig `json:"registrationConfig,omitempty"`
}

// DescribeCACertificate answers what is known of a CA certificate.
func (s *State) DescribeCACertificate(_ context.Context, in *CAInput) (*DescribeCAOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	ca, err := s.authority(in.CertificateID)
	if err != nil {
		return nil, err
	}
	automatic := "DISABLE"
	if ca.automatic {
		automatic = "ENABLE"
	}
	return &DescribeCAOutput{
		Description: CADescription{
			CertificateArn: s.caARN(ca.id), CertificateID: ca.id, Status: ca.status(),
			CertificatePem: string(encodePEM("CERTIFICATE", ca.parsed.Raw)), OwnedBy: s.config.Identity.Account,
			CreationDate: wire.At(ca.created), LastModifiedDate: wire.At(ca.modified), AutoRegistrationStatus: automatic,
			CustomerVersion: 1, GenerationID: ca.generation, CertificateMode: ca.mode,
			Validity: Validity{NotBefore: wire.At(ca.parsed.NotBefore), NotAfter: wire.At(ca.parsed.NotAfter)},
		},
		RegistrationConfig: ca.registration.describe(),
	}, nil
}

// ListCAInput is the request of ListCACertificates.
type ListCAInput struct {
	PageSize       int    `json:"-" query:"pageSize"`
	Marker         string `json:"-" query:"marker"`
	AscendingOrder bool   `json:"-" query:"isAscendingOrder"`
	TemplateName   string `json:"-" query:"templateName"`
}

// CAItem is one CA certificate of a list.
type CAItem struct {
	CertificateArn string    `json:"certificateArn"`
	CertificateID  string    `json:"certificateId"`
	Status         Status    `json:"status"`
	CreationDate   wire.Time `json:"creationDate"`
}

// ListCAOutput is the answer of ListCACertificates.
type ListCAOutput struct {
	Certificates []CAItem `json:"certificates"`
	NextMarker   string   `json:"nextMarker,omitempty"`
}

// ListCACertificates lists CA certificates by creation, newest first unless
// AscendingOrder; with a template name, those that provision with it.
func (s *State) ListCACertificates(_ context.Context, in *ListCAInput) (*ListCAOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var all []*caCertificate
	for _, ca := range s.authoritiesInOrder(in.AscendingOrder) {
		if in.TemplateName == "" || ca.registration.uses(in.TemplateName) {
			all = append(all, ca)
		}
	}
	page, next, err := pageOf(all, in.PageSize, in.Marker, func(ca *caCertificate) CAItem {
		return CAItem{s.caARN(ca.id), ca.id, ca.status(), wire.At(ca.created)}
	})
	if err != nil {
		return nil, err
	}
	return &ListCAOutput{page, next}, nil
}

// ListByCAInput is the request of ListCertificatesByCA.
type ListByCAInput struct {
	CACertificateID string `json:"-" path:"caCertificateId"`
	PageSize        int    `json:"-" query:"pageSize"`
	Marker          string `json:"-" query:"marker"`
	AscendingOrder  bool   `json:"-" query:"isAscendingOrder"`
}

// ListCertificatesByCA lists the certificates that were registered with a CA
// certificate, also with one that is gone.
func (s *State) ListCertificatesByCA(_ context.Context, in *ListByCAInput) (*ListCertificatesOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.certificatePage(in.PageSize, in.Marker, in.AscendingOrder, func(c *certificate) bool { return c.ca == in.CACertificateID })
}
