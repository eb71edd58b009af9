package scenarios

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iot"

	"github.com/shakedown-iot/shakedown/emulators/wire"
	"github.com/shakedown-iot/shakedown/pipeline"
	svcfault "github.com/shakedown-iot/shakedown/scenarios/fault"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
	"github.com/shakedown-iot/shakedown/scenarios/shape"
)

// attachment is a cloud that runs elsewhere as a whole: `shakedown up` or its image.
// It is reached as any client does, by its AWS API and its broker; nothing of it is
// in this process, no tap and no fault of services.
type attachment struct {
	endpoint string
	client   *http.Client
}

// settleTime is given to a cloud that tells nobody when it is at rest.
const settleTime = 3 * time.Second

// attachTimeout bounds one call of an attached cloud.
const attachTimeout = 30 * time.Second

// maxRoot bounds a root certificate, in bytes.
const maxRoot = 64 << 10

// newAttached makes the world of a cloud at options.Attach.
func newAttached(ctx context.Context, options WorldOptions, settings pipeline.Config) (*World, error) {
	if len(options.Functions) > 0 || options.Wrap != nil || options.WrapTargets != nil || options.WrapFunction != nil || options.Processes != nil ||
		options.Backend.Remote() || options.Network != nil || options.Endpoint != "" {
		return nil, fmt.Errorf("attach to %s: that cloud has its own network, stores, functions and targets; this world cannot change them", options.Attach)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	a := &attachment{endpoint: options.Attach, client: &http.Client{Transport: transport, Timeout: attachTimeout}}
	options.Network = dialer{}
	w := &World{
		options: options, Pipeline: settings, Ledger: ledger.New(), Faults: svcfault.New(options.Seed),
		attached: a, stop: func() {},
	}
	w.AWS = aws.Config{
		Region: wire.DefaultRegion, BaseEndpoint: &a.endpoint, HTTPClient: a.client, Retryer: newRetryer,
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	}
	if err := w.join(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("attach to %s: %w", options.Attach, err), w.Close())
	}
	return w, nil
}

// join learns what devices need, and deploys what is not there.
func (w *World) join(ctx context.Context) error {
	root, err := w.attached.get(ctx, RootCAPath)
	if err != nil {
		return err
	}
	if !x509.NewCertPool().AppendCertsFromPEM(root) {
		return fmt.Errorf("%s is no certificate", RootCAPath)
	}
	if w.options.BrokerAddr == "" {
		there, err := iot.NewFromConfig(w.AWS).DescribeEndpoint(ctx, &iot.DescribeEndpointInput{EndpointType: aws.String("iot:Data-ATS")})
		if err != nil {
			return err
		}
		w.options.BrokerAddr = aws.ToString(there.EndpointAddress)
	}
	w.clients = w.clientTLS(root)
	if w.options.NoPipeline {
		return nil
	}
	return w.deploy(ctx)
}

func (a *attachment) get(ctx context.Context, path string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, a.endpoint+path, nil)
	if err != nil {
		return nil, err
	}
	answer, err := a.client.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, maxRoot))
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("GET %s: %s", path, answer.Status)
	}
	return text, err
}

// reach is the address of a URL of the attached cloud as it is seen from here: a
// container does not know the port that stands for its own.
func (a *attachment) reach(there string) (string, error) {
	u, err := url.Parse(there)
	if err != nil {
		return "", err
	}
	return a.endpoint + u.RequestURI(), nil
}

// issue lets the attached cloud make key and certificate of a device.
func (w *World) issue(ctx context.Context) (certPEM, keyPEM []byte, arn string, err error) {
	made, err := iot.NewFromConfig(w.AWS).CreateKeysAndCertificate(ctx, &iot.CreateKeysAndCertificateInput{SetAsActive: true})
	if err != nil {
		return nil, nil, "", err
	}
	return []byte(aws.ToString(made.CertificatePem)), []byte(aws.ToString(made.KeyPair.PrivateKey)), aws.ToString(made.CertificateArn), nil
}

// Published enters a message that a client of the test's own has published and the
// broker has acknowledged: it has accepted it. A world with its own broker knows
// from there; where the cloud is attached, nobody else tells.
func (w *World) Published(thing, topic string, payload []byte) {
	if w.attached != nil && shape.IsTelemetry(topic) {
		w.Ledger.Accept(thing, topic, payload, time.Now())
	}
}

// errNoListener says that the broker of an attached cloud is elsewhere.
var errNoListener = errors.New("the broker of an attached cloud listens there")

// dialer is the network of an attached cloud: its broker listens elsewhere.
type dialer struct{ net.Dialer }

func (dialer) Listen(string) (net.Listener, error) { return nil, errNoListener }

// Dial implements Network.
func (d dialer) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	return d.DialContext(ctx, network, addr)
}
