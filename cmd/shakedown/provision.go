package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/spf13/cobra"

	"github.com/shakedown-iot/shakedown/hardware"
	"github.com/shakedown-iot/shakedown/scenarios"
)

type provisionFlags struct {
	out, endpoint, policy, kind string
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
  AmazonRootCA1.pem   the authority that signed the broker's certificate

With --for python also sensor.py, a device that needs only paho-mqtt; with --for
arduino sensor.ino and secrets.h (mode 0600) for an ESP32. Put your sensor in.
On a Raspberry Pi with a BME280, ` + "`shakedown sensor`" + ` needs no more than the three.`,
		Example: `  shakedown provision sensor-001 --out certs
  shakedown provision esp-001 --out esp --for arduino`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx, cancel := context.WithTimeout(cmd.Context(), time.Minute)
			defer cancel()
			return f.run(ctx, args[0], cmd.OutOrStdout())
		},
	}
	cmd.Flags().StringVar(&f.out, "out", "", "folder for the files (required)")
	cmd.Flags().StringVar(&f.endpoint, "endpoint-url", "http://127.0.0.1:4566", "AWS endpoint of `shakedown up`")
	cmd.Flags().StringVar(&f.policy, "policy", "SensorPolicy", "policy to attach to the certificate")
	cmd.Flags().StringVar(&f.kind, "for", "", "also write a device's program: python or arduino")
	cmd.MarkFlagRequired("out")
	return cmd
}

func (f provisionFlags) run(ctx context.Context, thing string, stdout io.Writer) error {
	programs, err := snippetsFor(f.kind)
	if err != nil {
		return usage(err)
	}
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
	facts, err := f.facts(ctx, thing)
	if err != nil {
		return environment(err, "")
	}
	facts.Root, facts.Certificate, facts.Key = string(root), aws.ToString(certificate.CertificatePem), aws.ToString(certificate.KeyPair.PrivateKey)
	files := []provisioned{
		{hardware.CertificateFile, facts.Certificate, 0o644},
		{hardware.KeyFile, facts.Key, 0o600},
		{hardware.AuthorityFile, facts.Root, 0o644},
	}
	for _, p := range programs {
		text, err := p.fill(facts)
		if err != nil {
			return err
		}
		files = append(files, provisioned{p.name, text, p.mode})
	}
	var names []string
	for _, file := range files {
		if err := writeNew(filepath.Join(f.out, file.name), file.text, file.mode); err != nil {
			return environment(err, "")
		}
		names = append(names, file.name)
	}
	fmt.Fprintf(stdout, "thing        %s\ncertificate  %s\nbroker       %s:%s, client id %s\nfiles        %s/{%s}\n",
		thing, aws.ToString(certificate.CertificateArn), facts.Host, facts.Port, thing, f.out, strings.Join(names, ","))
	return nil
}

// provisioned is a file of the thing's folder.
type provisioned struct {
	name, text string
	mode       os.FileMode
}

// facts are the thing and where the broker says that it is.
func (f provisionFlags) facts(ctx context.Context, thing string) (snippetFacts, error) {
	facts := snippetFacts{Thing: thing, Port: "8883"}
	kind := "iot:Data-ATS"
	answer, err := f.client().DescribeEndpoint(ctx, &iot.DescribeEndpointInput{EndpointType: &kind})
	if err != nil {
		return facts, fmt.Errorf("look up the broker: %w", err)
	}
	facts.Host = aws.ToString(answer.EndpointAddress)
	if host, port, err := net.SplitHostPort(facts.Host); err == nil {
		facts.Host, facts.Port = host, port
	}
	return facts, nil
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

func (f provisionFlags) client() *iot.Client {
	return iot.NewFromConfig(aws.Config{
		Region: "us-east-1", BaseEndpoint: &f.endpoint,
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	})
}

func (f provisionFlags) create(ctx context.Context, thing string) (*iot.CreateKeysAndCertificateOutput, error) {
	client := f.client()
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
