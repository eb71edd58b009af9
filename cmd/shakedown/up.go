package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/scenarios/metrics"
	"github.com/shakedown-iot/shakedown/scenarios/traffic"
)

type upFlags struct {
	endpoint string
	mqtt     string
	host     string
	pipeline string
	silence  time.Duration
	sweep    time.Duration
	console  string
	metrics  string
	verbose  bool
}

func newUp() *cobra.Command {
	var f upFlags
	cmd := &cobra.Command{
		Use:   "up",
		Short: "Start the embedded cloud and keep it running for your own clients",
		Long: `Up starts every service on one AWS endpoint, the IoT Core broker with mutual TLS,
the pipeline with its device API, and a console for the browser, all on loopback,
until Ctrl-C. Any credentials do; the account is 000000000000, the region
us-east-1. Everything is kept in memory.

A function that you create runs as a process of this machine, over the Lambda
Runtime API: a zip with an executable bootstrap (provided.al2023), or a Node or
Python handler where this machine has that version. --verbose shows its log.

With --pipeline none the cloud is empty but the pipeline's functions are known:
` + "`aws lambda create-function --function-name iot-alert-handler …`" + ` with a zip that
holds no program binds the Go handler of that name.`,
		Example: `  shakedown up
  shakedown up --pipeline none --endpoint 127.0.0.1:5566 --mqtt 127.0.0.1:9883`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			return f.run(ctx, !cmd.Flags().Changed("console"), cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.endpoint, "endpoint", "127.0.0.1:4566", "address of the AWS endpoint")
	flags.StringVar(&f.mqtt, "mqtt", "127.0.0.1:8883", "address of the broker (MQTT over TLS)")
	flags.StringVar(&f.host, "host", os.Getenv("LOCALSTACK_HOST"), "name or address that clients reach this machine by, for URLs and the broker's certificate; of the addresses above when empty ($LOCALSTACK_HOST)")
	flags.StringVar(&f.pipeline, "pipeline", "default", "pipeline to deploy: default, as-published or none")
	flags.DurationVar(&f.silence, "silence", 10*time.Minute, "how long a device may be silent before it counts as offline")
	flags.DurationVar(&f.sweep, "sweep", time.Minute, "how often the offline detector runs")
	flags.StringVar(&f.console, "console", consoleAddr, "address of the console, a web page; another port when this one is taken and not asked for; none for no console")
	flags.StringVar(&f.metrics, "metrics", "", metricsUsage)
	flags.BoolVarP(&f.verbose, "verbose", "v", false, "log what the cloud decides, on standard error")
	return cmd
}

// run listens first, so that a taken port is known before anything starts.
func (f upFlags) run(ctx context.Context, anyConsole bool, stdout, stderr io.Writer) error {
	variant, none, err := f.variant()
	if err != nil {
		return usage(err)
	}
	if f.silence == 0 || f.sweep == 0 { // which would be the defaults
		return usage(errors.New("--silence and --sweep must be positive"))
	}
	endpoint, err := listen(f.endpoint, "--endpoint")
	if err != nil {
		return err
	}
	defer endpoint.Close()
	broker, err := listen(f.mqtt, "--mqtt")
	if err != nil {
		return err
	}
	defer broker.Close()
	var page *consoleServer
	if f.console != noConsole {
		if page, err = openConsole(f.console, anyConsole); err != nil {
			return err
		}
		defer page.close()
	}
	counted := &traffic.Traffic{}
	if f.metrics != "" {
		served, err := serveMetrics(f.metrics, f.host, metrics.Cloud(counted.Snapshot), stderr)
		if err != nil {
			return err
		}
		defer served.close()
	}
	log := slog.New(&missingPermissions{out: stderr})
	if f.verbose {
		log = slog.New(slog.NewTextHandler(stderr, nil))
	}
	world, err := scenarios.NewWorld(ctx, scenarios.WorldOptions{
		Pipeline: scenarios.Pipeline{
			Variant: variant, Silence: f.silence, Sweep: f.sweep, Shards: 2,
		},
		NoPipeline: none,
		Network:    onListener{broker},
		BrokerAddr: f.advertised(broker),
		Endpoint:   "http://" + f.advertised(endpoint),
		Processes:  functionProcesses(log),
		Web:        loopbackWeb(),
		Log:        log,
		Traffic:    counted,
		Forget:     true,
	})
	if err != nil {
		return err
	}
	if page != nil {
		err = page.show(world, "", log)
	}
	if err == nil {
		err = f.serve(ctx, world, endpoint, page, stdout)
	}
	return errors.Join(err, world.Close())
}

// advertised is a listener's address as clients write it: at the host that they
// reach this machine by, and at localhost where it listens on all addresses.
func (f upFlags) advertised(l net.Listener) string {
	host, port, _ := net.SplitHostPort(l.Addr().String())
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	if f.host != "" {
		host = f.host
		if name := hostOf(f.host); name != "" {
			host = name // LOCALSTACK_HOST may have a port; ours is where we listen
		}
	}
	return net.JoinHostPort(host, port)
}

func (f upFlags) variant() (scenarios.Variant, bool, error) {
	switch v := scenarios.Variant(f.pipeline); v {
	case scenarios.DefaultPipeline, scenarios.PublishedPipeline:
		return v, false, nil
	case "none":
		return scenarios.DefaultPipeline, true, nil
	}
	return "", false, fmt.Errorf("--pipeline %q is none of default, as-published, none", f.pipeline)
}

// serve answers HTTP until ctx ends, then lets open requests finish.
func (f upFlags) serve(ctx context.Context, world *scenarios.World, l net.Listener, page *consoleServer, stdout io.Writer) error {
	host := hostOf(f.advertised(l))
	server := &http.Server{Handler: knownHost(host, noForeignPages(host, world.Handler())), ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	printUp(stdout, world, f.advertised(l), page)
	select {
	case err := <-done:
		return fmt.Errorf("aws endpoint: %w", err)
	case <-ctx.Done():
	}
	fmt.Fprintln(stdout, "\nstopping")
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := server.Shutdown(patience); err != nil {
		return server.Close()
	}
	return nil
}

func printUp(w io.Writer, world *scenarios.World, endpoint string, page *consoleServer) {
	url := "http://" + endpoint
	fmt.Fprintf(w, `Shakedown is up. Ctrl-C stops it; everything is in memory.

  AWS endpoint      %s   (account 000000000000, region us-east-1, any credentials)
  MQTT over TLS     %s   (client certificate required)
  over WebSocket    ws://%s/mqtt with a signed URL (SigV4), wss://%s/mqtt with a certificate
`, url, world.BrokerAddr(), endpoint, world.BrokerAddr())
	if api := world.DeviceAPI(); api != "" {
		fmt.Fprintf(w, "  device API        %s/devices\n", api)
	}
	if page != nil {
		fmt.Fprintf(w, "  console           %s   (open it in a browser)\n", page.url)
	}
	fmt.Fprintf(w, `
Try:
  export AWS_ENDPOINT_URL=%s AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1 AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
  aws iot list-topic-rules
  shakedown provision sensor-001 --out certs --endpoint-url %s
  mosquitto_pub --cafile certs/AmazonRootCA1.pem --cert certs/cert.pem --key certs/private.key \
    -h %s -p %s -i sensor-001 -q 1 -t devices/sensor-001/telemetry \
    -m '{"deviceId":"sensor-001","timestamp":'$(date +%%s000)',"data":{"temperature":21.5}}'
`, url, url, hostOf(world.BrokerAddr()), portOf(world.BrokerAddr()))
}

// onListener is a Network whose one listener is already open.
type onListener struct{ listener net.Listener }

func (n onListener) Listen(string) (net.Listener, error) { return n.listener, nil }

func (n onListener) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	return new(net.Dialer).DialContext(ctx, network, addr)
}

func listen(addr, flag string) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	if _, ok := errors.AsType[*net.AddrError](err); ok {
		return nil, usage(fmt.Errorf("%s %q is not host:port, such as 127.0.0.1:4566: %w", flag, addr, err))
	}
	if err != nil && !errors.Is(err, syscall.EADDRINUSE) {
		return nil, environment(fmt.Errorf("listen: %w", err), "choose another address with "+flag)
	}
	if err != nil {
		return nil, environment(fmt.Errorf("listen: %w", err), "another program has "+addr+"; stop it, or choose another address with "+flag)
	}
	return l, nil
}

func hostOf(addr string) string {
	host, _, _ := net.SplitHostPort(addr)
	return host
}

func portOf(addr string) string {
	_, port, _ := net.SplitHostPort(addr)
	return port
}
