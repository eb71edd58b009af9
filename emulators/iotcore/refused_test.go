package iotcore

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
)

func TestRefusedByName(t *testing.T) {
	c := controlClient(t)
	_, err := c.SearchIndex(t.Context(), &iot.SearchIndexInput{QueryString: aws.String("x")})
	requireCode(t, err, "InvalidRequestException", "SearchIndex is not implemented by Shakedown")
	_, err = c.TransferCertificate(t.Context(), &iot.TransferCertificateInput{CertificateId: aws.String("x"), TargetAwsAccount: aws.String("111111111111")})
	requireCode(t, err, "InvalidRequestException", "TransferCertificate is not implemented by Shakedown")
}
