package iotcore

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/aws/aws-sdk-go-v2/service/iot/types"
	"github.com/stretchr/testify/require"
)

func templateMembers(t *testing.T, c *iot.Client) {
	ctx, ok, name := t.Context(), succeeds(t), aws.String("m-template")
	made, err := c.CreateProvisioningTemplate(ctx, &iot.CreateProvisioningTemplateInput{
		TemplateName: name, TemplateBody: aws.String(fleetTemplate), ProvisioningRoleArn: aws.String(provisioningRole),
		Description: aws.String("one"), Enabled: aws.Bool(true), Type: types.TemplateTypeFleetProvisioning, Tags: tagged,
	})
	require.NoError(t, err)
	requireTagged(t, c, made.TemplateArn)
	described := func() *iot.DescribeProvisioningTemplateOutput {
		out, err := c.DescribeProvisioningTemplate(ctx, &iot.DescribeProvisioningTemplateInput{TemplateName: name})
		require.NoError(t, err)
		return out
	}
	require.Equal(t, "one", *described().Description)
	require.True(t, *described().Enabled)
	require.Equal(t, types.TemplateTypeFleetProvisioning, described().Type)
	ok(c.UpdateProvisioningTemplate(ctx, &iot.UpdateProvisioningTemplateInput{TemplateName: name, Description: aws.String("two"), RemovePreProvisioningHook: aws.Bool(true)}))
	require.Equal(t, "two", *described().Description)
	ok(c.CreateProvisioningTemplateVersion(ctx, &iot.CreateProvisioningTemplateVersionInput{TemplateName: name, TemplateBody: aws.String(fleetTemplate)}))
	pages(t, c.ListProvisioningTemplateVersions, iot.ListProvisioningTemplateVersionsInput{TemplateName: name})
	ok(c.CreateProvisioningTemplate(ctx, &iot.CreateProvisioningTemplateInput{
		TemplateName: aws.String("m-jitp"), TemplateBody: aws.String(jitpTemplate), ProvisioningRoleArn: aws.String(provisioningRole), Type: types.TemplateTypeJitp,
	}))
	pages(t, c.ListProvisioningTemplates, iot.ListProvisioningTemplatesInput{})
}

func authorityMembers(t *testing.T, c *iot.Client) {
	ctx, ok := t.Context(), succeeds(t)
	config := &types.RegistrationConfig{RoleArn: aws.String(provisioningRole), TemplateBody: aws.String(jitpTemplate)}
	ca := newTestCA(t, "m-one")
	id := ca.register(c, func(in *iot.RegisterCACertificateInput) {
		in.CertificateMode, in.RegistrationConfig, in.Tags = types.CertificateModeDefault, config, tagged
	})
	described := func(id *string) *iot.DescribeCACertificateOutput {
		out, err := c.DescribeCACertificate(ctx, &iot.DescribeCACertificateInput{CertificateId: id})
		require.NoError(t, err)
		return out
	}
	got := described(id)
	require.Equal(t, config, got.RegistrationConfig)
	requireTagged(t, c, got.CertificateDescription.CertificateArn)
	byName := &types.RegistrationConfig{TemplateName: aws.String("m-jitp")}
	two := newTestCA(t, "m-two").register(c, func(in *iot.RegisterCACertificateInput) { in.RegistrationConfig = byName })
	list, err := c.ListCACertificates(ctx, &iot.ListCACertificatesInput{TemplateName: byName.TemplateName})
	require.NoError(t, err)
	require.Len(t, list.Certificates, 1)
	require.Equal(t, two, list.Certificates[0].CertificateId)
	pages(t, c.ListCACertificates, iot.ListCACertificatesInput{})
	ok(c.UpdateCACertificate(ctx, &iot.UpdateCACertificateInput{CertificateId: id, NewAutoRegistrationStatus: types.AutoRegistrationStatusDisable}))
	require.Equal(t, types.AutoRegistrationStatusDisable, described(id).CertificateDescription.AutoRegistrationStatus)
	ok(c.UpdateCACertificate(ctx, &iot.UpdateCACertificateInput{CertificateId: id, RegistrationConfig: config}))
	ok(c.UpdateCACertificate(ctx, &iot.UpdateCACertificateInput{CertificateId: id, RegistrationConfig: byName}))
	require.Equal(t, byName, described(id).RegistrationConfig)
	ok(c.UpdateCACertificate(ctx, &iot.UpdateCACertificateInput{CertificateId: id, RemoveAutoRegistration: true}))
	require.Nil(t, described(id).RegistrationConfig)
	_, first := ca.sign(named("m-1"))
	made, err := c.RegisterCertificate(ctx, &iot.RegisterCertificateInput{CertificatePem: first, CaCertificatePem: ca.pem, SetAsActive: aws.Bool(true)})
	require.NoError(t, err)
	requireStatus(t, c, made.CertificateId, types.CertificateStatusActive)
	_, second := ca.sign(named("m-2"))
	made, err = c.RegisterCertificate(ctx, &iot.RegisterCertificateInput{CertificatePem: second, CaCertificatePem: ca.pem, Status: types.CertificateStatusInactive})
	require.NoError(t, err)
	requireStatus(t, c, made.CertificateId, types.CertificateStatusInactive)
	pages(t, c.ListCertificatesByCA, iot.ListCertificatesByCAInput{CaCertificateId: id})
}
