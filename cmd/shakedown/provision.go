package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/spf13/cobra"

	"github.com/shakedown-iot/shakedown/scenarios"
)

type provisionFlags struct {
	out, endpoint, policy string
}

func newProvision() *cobra.Command {
	var f provisionFlags
	cmd := &cobra.Command{
		Use:   "provision <thing>",
		Short: "Make a thing with its certificate on a running `shakedown up`",
		Long: `Provision creates the thing, a key pair and certificate, attaches the policy and
the certificate, and writes what a device needs:

  cert.pem            the device's certificate
  private.key         its private key (mode 0600)
  AmazonRootCA1.pem   the authority that signed the broker's certificate`,
		Example: "  shakedown provision sensor-001 --out certs",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx, cancel := context.WithTimeout(cmd.Context(), time.Minute)
			defer cancel()
			return f.run(ctx, args[0], cmd.OutOrStdout())
		},
	}
	cmd.Flags().StringVar(&f.out, "out", "", "folder for the files (required)")
	cmd.Flags().StringVar(&f.endpoint, "endpoint-url", "http://127.0.0.1:4566", "AWS endpoint of `shakedown up`")
	cmd.Flags().StringVar(&f.policy, "policy", "SensorPolicy", "policy to attach to the certificate")
	cmd.MarkFlagRequired("out")
	return cmd
}

func (f provisionFlags) run(ctx context.Context, thing string, stdout io.Writer) error {
	if err := f.free(); err != nil {
		return err
	}
	root, err := fetchRoot(ctx, f.endpoint+scenarios.RootCAPath)
	if err != nil {
		return environment(err, "is `shakedown up` running at "+f.endpoint+"?")
	}
	certificate, err := f.create(ctx, thing)
	if err != nil {
		return environment(err, "")
	}
	files := []struct {
		name, text string
		mode       os.FileMode
	}{
		{"cert.pem", aws.ToString(certificate.CertificatePem), 0o644},
		{"private.key", aws.ToString(certificate.KeyPair.PrivateKey), 0o600},
		{"AmazonRootCA1.pem", string(root), 0o644},
	}
	for _, file := range files {
		if err := writeNew(filepath.Join(f.out, file.name), file.text, file.mode); err != nil {
			return environment(err, "")
		}
	}
	fmt.Fprintf(stdout, "thing        %s\ncertificate  %s\nfiles        %s/{cert.pem,private.key,AmazonRootCA1.pem}\n",
		thing, aws.ToString(certificate.CertificateArn), f.out)
	return nil
}

// free makes the folder and refuses to overwrite somebody's key.
func (f provisionFlags) free() error {
	if err := os.MkdirAll(f.out, 0o700); err != nil {
		return environment(err, "choose another folder with --out")
	}
	key := filepath.Join(f.out, "private.key")
	if _, err := os.Stat(key); err == nil {
		return usage(fmt.Errorf("%s exists; choose another folder with --out", key))
	}
	return nil
}

func (f provisionFlags) create(ctx context.Context, thing string) (*iot.CreateKeysAndCertificateOutput, error) {
	client := iot.NewFromConfig(aws.Config{
		Region: "us-east-1", BaseEndpoint: &f.endpoint,
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	})
	if _, err := client.CreateThing(ctx, &iot.CreateThingInput{ThingName: &thing}); err != nil {
		return nil, fmt.Errorf("create thing %s: %w", thing, err)
	}
	certificate, err := client.CreateKeysAndCertificate(ctx, &iot.CreateKeysAndCertificateInput{SetAsActive: true})
	if err != nil {
		return nil, fmt.Errorf("create the certificate of %s: %w", thing, err)
	}
	if _, err := client.AttachPolicy(ctx, &iot.AttachPolicyInput{PolicyName: &f.policy, Target: certificate.CertificateArn}); err != nil {
		return nil, fmt.Errorf("attach policy %s: %w", f.policy, err)
	}
	_, err = client.AttachThingPrincipal(ctx, &iot.AttachThingPrincipalInput{ThingName: &thing, Principal: certificate.CertificateArn})
	if err != nil {
		return nil, fmt.Errorf("attach the certificate to thing %s: %w", thing, err)
	}
	return certificate, nil
}

func fetchRoot(ctx context.Context, url string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, fmt.Errorf("fetch the root certificate: %w", err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 64<<10))
	if err == nil && answer.StatusCode != http.StatusOK {
		err = errors.New(answer.Status)
	}
	if err != nil {
		return nil, fmt.Errorf("fetch the root certificate from %s: %w", url, err)
	}
	return text, nil
}

// writeNew writes a file that must not exist yet.
func writeNew(path, text string, mode os.FileMode) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = file.WriteString(text)
	return errors.Join(err, file.Close())
}
