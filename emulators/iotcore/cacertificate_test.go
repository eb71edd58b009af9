package iotcore

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/aws/aws-sdk-go-v2/service/iot/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
)

// TestRegisterCA proves the possession of a key as
// https://docs.aws.amazon.com/iot/latest/developerguide/manage-your-CA-certs.html says.
func TestRegisterCA(t *testing.T) {
	c, ctx, ca, other := controlClient(t), t.Context(), newTestCA(t, "Acme"), newTestCA(t, "Other")
	_, device := ca.sign(named("device"))
	register := func(in *iot.RegisterCACertificateInput) error {
		_, err := c.RegisterCACertificate(ctx, in)
		return err
	}
	requireCode(t, register(&iot.RegisterCACertificateInput{CaCertificate: ca.pem}), "InvalidRequestException", "verificationCertificate is required")
	requireCode(t, register(&iot.RegisterCACertificateInput{CaCertificate: ca.pem, VerificationCertificate: device}), "RegistrationCodeValidationException", `"device"`)
	requireCode(t, register(&iot.RegisterCACertificateInput{CaCertificate: device, CertificateMode: types.CertificateModeSniOnly}), "CertificateValidationException", "CA:TRUE")
	requireCode(t, register(&iot.RegisterCACertificateInput{CaCertificate: aws.String(*ca.pem + *device)}), "CertificateValidationException", "more than one")
	requireCode(t, register(&iot.RegisterCACertificateInput{CaCertificate: ca.pem, VerificationCertificate: device, CertificateMode: types.CertificateModeSniOnly}), "InvalidRequestException", "must be empty")
	code, err := c.GetRegistrationCode(ctx, &iot.GetRegistrationCodeInput{})
	require.NoError(t, err)
	require.Regexp(t, `^[0-9a-f]{64}$`, *code.RegistrationCode)
	_, proof := other.sign(named(*code.RegistrationCode))
	requireCode(t, register(&iot.RegisterCACertificateInput{CaCertificate: ca.pem, VerificationCertificate: proof}), "CertificateValidationException", "not signed by caCertificate")

	id := ca.register(c, func(in *iot.RegisterCACertificateInput) {
		in.SetAsActive, in.AllowAutoRegistration = false, false
		in.Tags = []types.Tag{{Key: aws.String("owner"), Value: aws.String("acme")}}
	})
	got, err := c.DescribeCACertificate(ctx, &iot.DescribeCACertificateInput{CertificateId: id})
	require.NoError(t, err)
	d := got.CertificateDescription
	require.Equal(t, registry.Fingerprint(ca.cert.Raw), *d.CertificateId)
	require.Equal(t, "arn:aws:iot:us-east-1:000000000000:cacert/"+*id, *d.CertificateArn)
	require.Equal(t, *ca.pem, *d.CertificatePem)
	require.Equal(t, []any{types.CACertificateStatusInactive, types.AutoRegistrationStatusDisable, types.CertificateModeDefault},
		[]any{d.Status, d.AutoRegistrationStatus, d.CertificateMode})
	require.Nil(t, got.RegistrationConfig)
	tags, err := c.ListTagsForResource(ctx, &iot.ListTagsForResourceInput{ResourceArn: d.CertificateArn})
	require.NoError(t, err)
	require.Equal(t, "acme", *tags.Tags[0].Value)
	_, again := ca.sign(named(*code.RegistrationCode))
	requireCode(t, register(&iot.RegisterCACertificateInput{CaCertificate: ca.pem, VerificationCertificate: again}), "ResourceAlreadyExistsException", *id)

	_, err = c.DeleteRegistrationCode(ctx, &iot.DeleteRegistrationCodeInput{})
	require.NoError(t, err)
	_, proof = other.sign(named(*code.RegistrationCode))
	requireCode(t, register(&iot.RegisterCACertificateInput{CaCertificate: other.pem, VerificationCertificate: proof}), "RegistrationCodeValidationException", "")
}

func TestCACertificatesOneByOne(t *testing.T) {
	c, ctx := controlClient(t), t.Context()
	var ids []string
	for i := range 3 {
		ids = append(ids, *newTestCA(t, fmt.Sprint("CA ", i)).register(c, nil))
	}
	var listed []string
	pages := iot.NewListCACertificatesPaginator(c, &iot.ListCACertificatesInput{AscendingOrder: true, PageSize: aws.Int32(2)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		require.NoError(t, err)
		for _, ca := range page.Certificates {
			require.Equal(t, types.CACertificateStatusActive, ca.Status)
			listed = append(listed, *ca.CertificateId)
		}
	}
	require.Equal(t, ids, listed)
	remove := func() error {
		_, err := c.DeleteCACertificate(ctx, &iot.DeleteCACertificateInput{CertificateId: &ids[0]})
		return err
	}
	requireCode(t, remove(), "CertificateStateException", "must be deactivated")
	_, err := c.UpdateCACertificate(ctx, &iot.UpdateCACertificateInput{CertificateId: &ids[0], NewStatus: types.CACertificateStatusInactive})
	require.NoError(t, err)
	require.NoError(t, remove())
	requireCode(t, remove(), "ResourceNotFoundException", ids[0])
	_, err = c.UpdateCACertificate(ctx, &iot.UpdateCACertificateInput{CertificateId: &ids[1], NewStatus: "REVOKED"})
	requireCode(t, err, "InvalidRequestException", "REVOKED")

	ca := newTestCA(t, "many")
	for range 10 {
		newTestCA(t, "many").register(c, func(in *iot.RegisterCACertificateInput) {
			in.CertificateMode, in.VerificationCertificate = types.CertificateModeSniOnly, nil
		})
	}
	_, err = c.RegisterCACertificate(ctx, &iot.RegisterCACertificateInput{CaCertificate: ca.pem, CertificateMode: types.CertificateModeSniOnly})
	requireCode(t, err, "LimitExceededException", "CN=many")
}

// TestRegisterCertificate: a certificate is registered with the authority that signed
// it, in the mode of that.
// https://docs.aws.amazon.com/iot/latest/apireference/API_RegisterCertificate.html
func TestRegisterCertificate(t *testing.T) {
	c, ctx, ca, twin := controlClient(t), t.Context(), newTestCA(t, "Acme"), newTestCA(t, "Acme")
	_, device := ca.sign(named("device"))
	register := func(in *iot.RegisterCertificateInput) (*iot.RegisterCertificateOutput, error) {
		in.CertificatePem = device
		return c.RegisterCertificate(ctx, in)
	}
	_, err := register(&iot.RegisterCertificateInput{})
	requireCode(t, err, "CertificateValidationException", "no registered CA certificate signed")
	id := ca.register(c, func(in *iot.RegisterCACertificateInput) {
		in.SetAsActive, in.CertificateMode, in.VerificationCertificate = false, types.CertificateModeSniOnly, nil
	})
	_, err = register(&iot.RegisterCertificateInput{})
	requireCode(t, err, "CertificateStateException", "INACTIVE")
	_, err = c.UpdateCACertificate(ctx, &iot.UpdateCACertificateInput{CertificateId: id, NewStatus: types.CACertificateStatusActive})
	require.NoError(t, err)
	_, err = register(&iot.RegisterCertificateInput{CaCertificatePem: twin.pem})
	requireCode(t, err, "CertificateValidationException", "not a registered CA")
	twin.register(c, nil)
	_, err = register(&iot.RegisterCertificateInput{CaCertificatePem: twin.pem})
	requireCode(t, err, "CertificateValidationException", "did not sign")
	_, err = register(&iot.RegisterCertificateInput{Status: types.CertificateStatusPendingTransfer})
	requireCode(t, err, "InvalidRequestException", "PENDING_TRANSFER")
	_, err = register(&iot.RegisterCertificateInput{Status: types.CertificateStatusInactive, SetAsActive: aws.Bool(true)})
	requireCode(t, err, "InvalidRequestException", "contradicts")

	made, err := register(&iot.RegisterCertificateInput{CaCertificatePem: ca.pem, Status: types.CertificateStatusActive})
	require.NoError(t, err)
	got, err := c.DescribeCertificate(ctx, &iot.DescribeCertificateInput{CertificateId: made.CertificateId})
	require.NoError(t, err)
	require.Equal(t, *id, *got.CertificateDescription.CaCertificateId)
	require.Equal(t, types.CertificateModeSniOnly, got.CertificateDescription.CertificateMode)
	_, err = register(&iot.RegisterCertificateInput{})
	requireCode(t, err, "ResourceAlreadyExistsException", *made.CertificateId)
	_, err = c.CreateKeysAndCertificate(ctx, &iot.CreateKeysAndCertificateInput{})
	require.NoError(t, err)
	mine, err := c.ListCertificatesByCA(ctx, &iot.ListCertificatesByCAInput{CaCertificateId: id})
	require.NoError(t, err)
	require.Len(t, mine.Certificates, 1)
	require.Equal(t, *made.CertificateArn, *mine.Certificates[0].CertificateArn)
}

// TestSameKeyTwice: two certificates of one authority could have signed.
func TestSameKeyTwice(t *testing.T) {
	c, ctx, ca := controlClient(t), t.Context(), newTestCA(t, "Acme")
	again := *ca
	again.issue("Acme")
	ca.register(c, nil)
	again.register(c, nil)
	_, device := ca.sign(named("device"))
	_, err := c.RegisterCertificate(ctx, &iot.RegisterCertificateInput{CertificatePem: device})
	requireCode(t, err, "CertificateConflictException", "caCertificatePem must say which")
	_, err = c.RegisterCertificate(ctx, &iot.RegisterCertificateInput{CertificatePem: device, CaCertificatePem: again.pem})
	require.NoError(t, err)
}

func actOnAuthorities(t *testing.T, c *iot.Client) {
	ctx, ok, ca := t.Context(), succeeds(t), newTestCA(t, "Acme")
	id := ca.register(c, nil)
	_, device := ca.sign(named("device"))
	ok(c.RegisterCertificate(ctx, &iot.RegisterCertificateInput{CertificatePem: device}))
	ok(c.DescribeCACertificate(ctx, &iot.DescribeCACertificateInput{CertificateId: id}))
	ok(c.ListCACertificates(ctx, &iot.ListCACertificatesInput{}))
	ok(c.ListCertificatesByCA(ctx, &iot.ListCertificatesByCAInput{CaCertificateId: id}))
	ok(c.UpdateCACertificate(ctx, &iot.UpdateCACertificateInput{CertificateId: id, NewStatus: types.CACertificateStatusInactive}))
	ok(c.DeleteCACertificate(ctx, &iot.DeleteCACertificateInput{CertificateId: id}))
	ok(c.DeleteRegistrationCode(ctx, &iot.DeleteRegistrationCodeInput{}))
}
