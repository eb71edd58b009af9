package iotcore

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/aws/aws-sdk-go-v2/service/iot/types"
	"github.com/stretchr/testify/require"
)

func TestTemplateVersions(t *testing.T) { actOnTemplateVersions(t, controlClient(t)) }

// actOnTemplateVersions walks through the versions of a template, of which there are
// five at most.
// https://docs.aws.amazon.com/iot/latest/apireference/API_CreateProvisioningTemplateVersion.html
func actOnTemplateVersions(t *testing.T, c *iot.Client) {
	ctx, name := t.Context(), aws.String("versions")
	_, err := c.CreateProvisioningTemplate(ctx, &iot.CreateProvisioningTemplateInput{
		TemplateName: name, TemplateBody: aws.String(fleetTemplate), ProvisioningRoleArn: aws.String(provisioningRole),
		Tags: []types.Tag{{Key: aws.String("fleet"), Value: aws.String("pumps")}},
	})
	require.NoError(t, err)
	body := func(i int) *string { return aws.String(strings.ReplaceAll(fleetTemplate, "WA", fmt.Sprint("W", i))) }
	for i := 2; i <= 5; i++ {
		made, err := c.CreateProvisioningTemplateVersion(ctx, &iot.CreateProvisioningTemplateVersionInput{TemplateName: name, TemplateBody: body(i), SetAsDefault: i == 3})
		require.NoError(t, err)
		require.Equal(t, []any{int32(i), i == 3}, []any{*made.VersionId, made.IsDefaultVersion})
	}
	_, err = c.CreateProvisioningTemplateVersion(ctx, &iot.CreateProvisioningTemplateVersionInput{TemplateName: name, TemplateBody: body(6)})
	requireCode(t, err, "VersionsLimitExceededException", "5 versions")
	_, err = c.CreateProvisioningTemplateVersion(ctx, &iot.CreateProvisioningTemplateVersionInput{TemplateName: name, TemplateBody: aws.String("{}")})
	requireCode(t, err, "InvalidRequestException", "one AWS::IoT::Certificate")

	described, err := c.DescribeProvisioningTemplate(ctx, &iot.DescribeProvisioningTemplateInput{TemplateName: name})
	require.NoError(t, err)
	require.Equal(t, int32(3), *described.DefaultVersionId)
	require.Equal(t, *body(3), *described.TemplateBody)
	version, err := c.DescribeProvisioningTemplateVersion(ctx, &iot.DescribeProvisioningTemplateVersionInput{TemplateName: name, VersionId: aws.Int32(4)})
	require.NoError(t, err)
	require.Equal(t, *body(4), *version.TemplateBody)
	require.False(t, version.IsDefaultVersion)

	remove := func(id int32) error {
		_, err := c.DeleteProvisioningTemplateVersion(ctx, &iot.DeleteProvisioningTemplateVersionInput{TemplateName: name, VersionId: &id})
		return err
	}
	requireCode(t, remove(3), "DeleteConflictException", "default version")
	require.NoError(t, remove(5))
	requireCode(t, remove(5), "ResourceNotFoundException", "Version 5")
	list, err := c.ListProvisioningTemplateVersions(ctx, &iot.ListProvisioningTemplateVersionsInput{TemplateName: name, MaxResults: aws.Int32(2)})
	require.NoError(t, err)
	require.Len(t, list.Versions, 2)
	require.NotNil(t, list.NextToken)
	again, err := c.CreateProvisioningTemplateVersion(ctx, &iot.CreateProvisioningTemplateVersionInput{TemplateName: name, TemplateBody: body(6)})
	require.NoError(t, err)
	require.Equal(t, int32(6), *again.VersionId, "numbers are not used twice")

	_, err = c.UpdateProvisioningTemplate(ctx, &iot.UpdateProvisioningTemplateInput{TemplateName: name, DefaultVersionId: aws.Int32(5)})
	requireCode(t, err, "ResourceNotFoundException", "Version 5")
	_, err = c.UpdateProvisioningTemplate(ctx, &iot.UpdateProvisioningTemplateInput{TemplateName: name, DefaultVersionId: aws.Int32(4)})
	require.NoError(t, err)
	require.NoError(t, remove(3))
	tags, err := c.ListTagsForResource(ctx, &iot.ListTagsForResourceInput{ResourceArn: described.TemplateArn})
	require.NoError(t, err)
	require.Equal(t, "pumps", *tags.Tags[0].Value)
}
