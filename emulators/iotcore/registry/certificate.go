package registry

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"slices"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Status is the state of a certificate.
type Status string

// The states that UpdateCertificate sets. Only an ACTIVE certificate connects.
const (
	Active   Status = "ACTIVE"
	Inactive Status = "INACTIVE"
	Revoked  Status = "REVOKED"
)

type certificate struct {
	id        string
	der       []byte
	status    Status
	created   time.Time
	modified  time.Time
	order     int
	notBefore time.Time
	notAfter  time.Time
	policies  map[string]bool
	things    map[string]bool
	exclusive bool   // its one thing has it as EXCLUSIVE_THING
	ca        string // id of the registered authority that signed it, or empty
	mode      string
}

func (c *certificate) pem() string { return string(encodePEM("CERTIFICATE", c.der)) }

// Fingerprint is the id of a certificate: the hexadecimal SHA-256 of its DER.
func Fingerprint(der []byte) string {
	sum := sha256.Sum256(der)
	return hex.EncodeToString(sum[:])
}

func (s *State) certificateARN(id string) string { return s.arn("cert/" + id) }

// register enters a certificate; the caller holds the lock.
func (s *State) register(der []byte, status Status) (*certificate, error) {
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, badCertificate("the certificate cannot be read: %s", err)
	}
	id := Fingerprint(der)
	if _, ok := s.certificates[id]; ok {
		return nil, wire.Errorf(codeExists, 409, "The certificate %s is already registered", id)
	}
	now := time.Now().UTC()
	c := &certificate{
		id: id, der: der, status: status, created: now, modified: now,
		order: s.nextCreated(), notBefore: parsed.NotBefore, notAfter: parsed.NotAfter,
		policies: map[string]bool{}, things: map[string]bool{}, mode: modeDefault,
	}
	s.certificates[id] = c
	return c, nil
}

// RegisterInput is the request of RegisterCertificateWithoutCA.
type RegisterInput struct {
	CertificatePem string `json:"certificatePem"`
	Status         Status `json:"status"`
}

// RegisterOutput is its answer.
type RegisterOutput struct {
	CertificateArn string `json:"certificateArn"`
	CertificateID  string `json:"certificateId"`
}

// Register enters a certificate that somebody else made, such as the one in a
// real board. Its signer is not checked, as in RegisterCertificateWithoutCA.
func (s *State) Register(_ context.Context, in *RegisterInput) (*RegisterOutput, error) {
	parsed, err := parsePEM("certificatePem", in.CertificatePem)
	if err != nil {
		return nil, err
	}
	status, err := initialStatus(in.Status, false)
	if err != nil {
		return nil, err
	}
	defer s.change()()
	c, err := s.register(parsed.Raw, status)
	if err != nil {
		return nil, err
	}
	c.mode = modeSNI // "registered without an issuer certificate authority"
	return &RegisterOutput{CertificateArn: s.certificateARN(c.id), CertificateID: c.id}, nil
}

// DescribeCertificateInput is the request of DescribeCertificate.
type DescribeCertificateInput struct {
	CertificateID string `json:"-" path:"certificateId"`
}

// Validity is the time in which a certificate is valid.
type Validity struct {
	NotBefore wire.Time `json:"notBefore"`
	NotAfter  wire.Time `json:"notAfter"`
}

// CertificateDescription is what is known of a certificate.
type CertificateDescription struct {
	CertificateArn   string    `json:"certificateArn"`
	CertificateID    string    `json:"certificateId"`
	Status           Status    `json:"status"`
	CertificatePem   string    `json:"certificatePem"`
	CACertificateID  string    `json:"caCertificateId,omitempty"`
	OwnedBy          string    `json:"ownedBy"`
	CreationDate     wire.Time `json:"creationDate"`
	LastModifiedDate wire.Time `json:"lastModifiedDate"`
	CustomerVersion  int       `json:"customerVersion"`
	Validity         Validity  `json:"validity"`
	CertificateMode  string    `json:"certificateMode"`
}

// DescribeCertificateOutput is the answer of DescribeCertificate.
type DescribeCertificateOutput struct {
	CertificateDescription CertificateDescription `json:"certificateDescription"`
}

// DescribeCertificate answers what is known of a certificate.
func (s *State) DescribeCertificate(_ context.Context, in *DescribeCertificateInput) (*DescribeCertificateOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	c, ok := s.certificates[in.CertificateID]
	if !ok {
		return nil, notFound("Certificate %s does not exist", in.CertificateID)
	}
	return &DescribeCertificateOutput{CertificateDescription: CertificateDescription{
		CertificateArn: s.certificateARN(c.id), CertificateID: c.id, Status: c.status, CertificatePem: c.pem(),
		OwnedBy: s.config.Identity.Account, CreationDate: wire.At(c.created), LastModifiedDate: wire.At(c.modified),
		CustomerVersion: 1, CertificateMode: c.mode, CACertificateID: c.ca,
		Validity: Validity{NotBefore: wire.At(c.notBefore), NotAfter: wire.At(c.notAfter)},
	}}, nil
}

// ListCertificatesInput is the request of ListCertificates.
type ListCertificatesInput struct {
	PageSize       int    `json:"-" query:"pageSize"`
	Marker         string `json:"-" query:"marker"`
	AscendingOrder bool   `json:"-" query:"isAscendingOrder"`
}

// CertificateItem is one certificate of a list.
type CertificateItem struct {
	CertificateArn  string    `json:"certificateArn"`
	CertificateID   string    `json:"certificateId"`
	Status          Status    `json:"status"`
	CertificateMode string    `json:"certificateMode"`
	CreationDate    wire.Time `json:"creationDate"`
}

// ListCertificatesOutput is the answer of ListCertificates.
type ListCertificatesOutput struct {
	Certificates []CertificateItem `json:"certificates"`
	NextMarker   string            `json:"nextMarker,omitempty"`
}

// ListCertificates lists certificates by creation, newest first unless
// AscendingOrder.
func (s *State) ListCertificates(_ context.Context, in *ListCertificatesInput) (*ListCertificatesOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.certificatePage(in.PageSize, in.Marker, in.AscendingOrder, func(*certificate) bool { return true })
}

// certificatePage is a page of the certificates that wanted says, by creation.
func (s *State) certificatePage(size int, marker string, ascending bool, wanted func(*certificate) bool) (*ListCertificatesOutput, error) {
	all := byCreation(s.certificates, func(c *certificate) int { return c.order }, ascending)
	all = slices.DeleteFunc(all, func(c *certificate) bool { return !wanted(c) })
	page, next, err := pageOf(all, size, marker, func(c *certificate) CertificateItem {
		return CertificateItem{
			CertificateArn: s.certificateARN(c.id), CertificateID: c.id, Status: c.status,
			CertificateMode: c.mode, CreationDate: wire.At(c.created),
		}
	})
	if err != nil {
		return nil, err
	}
	return &ListCertificatesOutput{page, next}, nil
}

// UpdateCertificateInput is the request of UpdateCertificate.
type UpdateCertificateInput struct {
	CertificateID string `json:"-" path:"certificateId"`
	NewStatus     Status `json:"-" query:"newStatus"`
}

// UpdateCertificate sets a certificate's status. Clients connected with one
// that is no longer ACTIVE are disconnected.
func (s *State) UpdateCertificate(_ context.Context, in *UpdateCertificateInput) (*Empty, error) {
	switch in.NewStatus {
	case Active, Inactive, Revoked:
	default:
		return nil, invalid("newStatus %q is not implemented; it is ACTIVE, INACTIVE or REVOKED", in.NewStatus)
	}
	defer s.change()()
	c, ok := s.certificates[in.CertificateID]
	if !ok {
		return nil, notFound("Certificate %s does not exist", in.CertificateID)
	}
	s.setStatus(c, in.NewStatus)
	return &Empty{}, nil
}

// setStatus sets a certificate's status, and tells of it after the change.
func (s *State) setStatus(c *certificate, status Status) {
	c.status, c.modified = status, time.Now().UTC()
	if s.config.StatusChanged != nil {
		s.after = append(s.after, func() { s.config.StatusChanged(c.id, status) })
	}
}

// DeleteCertificateInput is the request of DeleteCertificate.
type DeleteCertificateInput struct {
	CertificateID string `json:"-" path:"certificateId"`
	Force         bool   `json:"-" query:"forceDelete"`
}

// DeleteCertificate forgets a certificate that is not ACTIVE and that no thing
// has. One with policies needs forceDelete.
// https://docs.aws.amazon.com/iot/latest/apireference/API_DeleteCertificate.html
func (s *State) DeleteCertificate(_ context.Context, in *DeleteCertificateInput) (*Empty, error) {
	defer s.change()()
	c, ok := s.certificates[in.CertificateID]
	switch {
	case !ok:
		return nil, notFound("Certificate %s does not exist", in.CertificateID)
	case c.status == Active:
		return nil, wire.Errorf(codeState, 406, "Certificate must be deactivated before deletion (id=%s)", c.id)
	case len(c.things) > 0:
		return nil, wire.Errorf(codeConflict, 409, "Things must be detached before deletion (arn=%s)", s.certificateARN(c.id))
	case len(c.policies) > 0 && !in.Force:
		return nil, wire.Errorf(codeConflict, 409, "Certificate policies must be detached before deletion (arn=%s)", s.certificateARN(c.id))
	}
	for name := range c.policies {
		delete(s.policies[name].targets, c.id)
	}
	delete(s.certificates, c.id)
	return &Empty{}, nil
}
