package sts_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators"
	"github.com/shakedown-iot/shakedown/emulators/sts"
	"github.com/shakedown-iot/shakedown/emulators/wire"
	"github.com/shakedown-iot/shakedown/emulators/wire/operationtest"
)

// TestOperations holds the package to its operation table.
func TestOperations(t *testing.T) {
	config := aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String("http://cloud"), Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		HTTPClient: emulators.Direct{Handler: sts.Handler(sts.New(wire.Identity{Account: "123456789012"}))},
	}
	operationtest.Check(t, config, func(c aws.Config) *sdk.Client { return sdk.NewFromConfig(c) }, func(t *testing.T, c *sdk.Client) {
		who, err := c.GetCallerIdentity(t.Context(), &sdk.GetCallerIdentityInput{})
		require.NoError(t, err)
		require.Equal(t, "123456789012", *who.Account)
		require.Equal(t, "arn:aws:iam::123456789012:root", *who.Arn)
	}, operationtest.Doc("sts.go"))
}
