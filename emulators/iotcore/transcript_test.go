package iotcore

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	iottypes "github.com/aws/aws-sdk-go-v2/service/iot/types"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	"github.com/aws/smithy-go"
	"github.com/cockroachdb/datadriven"
	"github.com/mochi-mqtt/server/v2/packets"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
)

// TestTranscripts runs the conversations of testdata/transcripts: what clients
// say, packet by packet, and what the broker answers. A line of a conversation is
//
//	thing a [policy]       a certificate; without a policy it may do everything
//	a CONNECT v=5 clean    a packet, with fields (see packetOf)
//	a raw 10 00            bytes
//	a cut                  the connection breaks
//	a 100x PUBLISH id=1    as often, with ids that count up
//	wait 90s               time passes
//	delete a [clean] [nowill]  DeleteConnection
//	deactivate a           the certificate becomes INACTIVE
//	stop a                 the broker ends the connection
//	retained [t]           GetRetainedMessage, or ListRetainedMessages
//
// Each packet is shown with its bytes; > is to the broker, < from it. Of many that come
// at once the first and the last are shown. conversation enforce applies the quotas of
// rates. <a> stands for the id of the certificate of a.
func TestTranscripts(t *testing.T) {
	datadriven.Walk(t, "testdata/transcripts", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			if d.Cmd != "conversation" {
				d.Fatalf(t, "unknown command %s", d.Cmd)
			}
			var out string
			synctest.Test(t, func(t *testing.T) {
				c := &conversation{fixture: newFixture(t, Config{Enforce: d.HasArg("enforce")}), certs: map[string]tls.Certificate{}, talkers: map[string]*talker{}, stops: map[string]func(){}}
				for line := range strings.Lines(d.Input) {
					c.say(strings.Fields(line))
				}
				c.hangUp()
				out = c.text.String()
			})
			return out
		})
	})
}

type conversation struct {
	*fixture
	certs   map[string]tls.Certificate
	talkers map[string]*talker
	stops   map[string]func() // end the service at the addresses of talkers
	names   []string          // of the talkers, as they came
	text    strings.Builder
}

// talker is the client's end of a connection.
type talker struct {
	conn    *tls.Conn
	version byte
	heard   chan string
	open    bool
}

func (c *conversation) say(words []string) {
	switch {
	case len(words) == 0:
	case words[0] == "thing":
		document := allowAll
		if len(words) > 2 {
			document = strings.Join(words[2:], " ")
		}
		c.certs[words[1]] = c.thing(words[1], document)
	case words[0] == "wait":
		fmt.Fprintf(&c.text, "= %s\n", strings.Join(words, " "))
		pause, err := time.ParseDuration(words[1])
		require.NoError(c.t, err)
		time.Sleep(pause)
	case words[0] == "delete", words[0] == "deactivate", words[0] == "stop", words[0] == "retained":
		c.manage(words)
	case words[1] == "cut":
		_ = c.talkers[words[0]].conn.NetConn().Close()
	case words[1] == "raw":
		raw, err := hex.DecodeString(strings.Join(words[2:], ""))
		require.NoError(c.t, err)
		c.send(words[0], "raw", raw)
	case strings.HasSuffix(words[1], "x"):
		c.sendMany(words[0], words[1], words[2:])
	default:
		c.sendPacket(words[0], words[1:])
	}
	time.Sleep(time.Millisecond) // a nanosecond is the rules queue's
	synctest.Wait()
	c.listen()
}

// sendPacket sends a packet; a CONNECT makes the connection.
func (c *conversation) sendPacket(name string, words []string) {
	version := byte(4)
	if t := c.talkers[name]; t != nil {
		version = t.version
	}
	pk, err := packetOf(words, version)
	require.NoError(c.t, err)
	if pk.FixedHeader.Type == packets.Connect {
		if pk.Connect.ClientIdentifier == "" && words[len(words)-1] != "id=" {
			pk.Connect.ClientIdentifier = name
		}
		c.dialAs(name, pk.ProtocolVersion)
	}
	var b bytes.Buffer
	require.NoError(c.t, encodeAny(&b, &pk))
	c.send(name, strings.Join(words, " "), b.Bytes())
}

// sendMany sends a packet n times, with ids that count up from its id.
func (c *conversation) sendMany(name, times string, words []string) {
	n, err := strconv.Atoi(strings.TrimSuffix(times, "x"))
	require.NoError(c.t, err)
	pk, err := packetOf(words, c.talkers[name].version)
	require.NoError(c.t, err)
	var b bytes.Buffer
	for range n {
		require.NoError(c.t, encodeAny(&b, &pk))
		if pk.PacketID > 0 {
			pk.PacketID++
		}
	}
	c.send(name, times+" "+strings.Join(words, " "), b.Bytes())
}

// manage calls what is no packet, and writes down what it answers.
func (c *conversation) manage(words []string) {
	ctx, data := context.Background(), iotdataplane.NewFromConfig(awsConfig(c.core.Data()))
	fmt.Fprintf(&c.text, "= %s\n", strings.Join(words, " "))
	has := func(word string) bool { return slices.Contains(words[1:], word) }
	switch {
	case words[0] == "delete":
		_, err := data.DeleteConnection(ctx, &iotdataplane.DeleteConnectionInput{ClientId: &words[1], CleanSession: has("clean"), PreventWillMessage: has("nowill")})
		require.NoError(c.t, err)
	case words[0] == "deactivate":
		_, err := iot.NewFromConfig(awsConfig(c.core.Control())).UpdateCertificate(ctx, &iot.UpdateCertificateInput{
			CertificateId: aws.String(idOf(c.certs[words[1]])), NewStatus: iottypes.CertificateStatusInactive,
		})
		require.NoError(c.t, err)
	case words[0] == "stop":
		c.stops[words[1]]()
		delete(c.stops, words[1])
	case len(words) == 1:
		out, err := data.ListRetainedMessages(ctx, &iotdataplane.ListRetainedMessagesInput{})
		require.NoError(c.t, err)
		for _, m := range out.RetainedTopics {
			fmt.Fprintf(&c.text, "  %s qos=%d size=%d at=%d\n", *m.Topic, m.Qos, m.PayloadSize, m.LastModifiedTime)
		}
	default:
		out, err := data.GetRetainedMessage(ctx, &iotdataplane.GetRetainedMessageInput{Topic: &words[1]})
		if err != nil {
			var api smithy.APIError
			require.ErrorAs(c.t, err, &api)
			fmt.Fprintf(&c.text, "  %s\n", api.ErrorCode())
			return
		}
		fmt.Fprintf(&c.text, "  %s qos=%d payload=%s at=%d\n", *out.Topic, out.Qos, out.Payload, out.LastModifiedTime)
	}
}

// idOf is the id of a certificate.
func idOf(cert tls.Certificate) string { return registry.Fingerprint(cert.Certificate[0]) }

// dialAs opens a connection with the certificate of the thing that the name
// begins with: a2 is another connection of a.
func (c *conversation) dialAs(name string, version byte) {
	if c.stops[name] == nil {
		c.stops[name] = c.serve(name + ":8883")
	}
	t := &talker{conn: c.secureAt(name+":8883", c.certs[strings.TrimRight(name, "0123456789")]), version: version, heard: make(chan string, 1000), open: true}
	if c.talkers[name] == nil {
		c.names = append(c.names, name)
	}
	c.talkers[name] = t
	require.NoError(c.t, t.conn.Handshake())
	c.clients.Go(func() { t.hear() })
}

func (c *conversation) send(name, what string, raw []byte) {
	fmt.Fprintf(&c.text, "%s> %-60s %s\n", name, what, spaced(raw))
	_, _ = c.talkers[name].conn.Write(raw) // a closed connection shows in the transcript
}

// many is how many packets of one client at once are all shown.
const many = 12

// listen writes down what came.
func (c *conversation) listen() {
	for _, name := range c.names {
		lines := c.talkers[name].came()
		if n := len(lines); n > many {
			lines = []string{lines[0], fmt.Sprintf("… and %d more, then", n-2), lines[n-1]}
		}
		for _, line := range lines {
			for thing, cert := range c.certs {
				line = strings.ReplaceAll(line, idOf(cert), "<"+thing+">")
			}
			fmt.Fprintf(&c.text, "%s< %s\n", name, line)
		}
	}
}

// came are the packets that have come, and at the end that the connection is closed.
func (t *talker) came() []string {
	var lines []string
	for t.open {
		select {
		case line, more := <-t.heard:
			if !more {
				line, t.open = "closed", false
			}
			lines = append(lines, line)
		default:
			return lines
		}
	}
	return lines
}

func (c *conversation) hangUp() {
	for _, t := range c.talkers {
		_ = t.conn.NetConn().Close()
	}
	c.close()
}

// hear reads packets until the connection ends.
func (t *talker) hear() {
	defer close(t.heard)
	var seen bytes.Buffer
	r := bufio.NewReader(io.TeeReader(oneByte{t.conn}, &seen))
	for {
		pk, err := readPacketOf(r, t.version)
		if err != nil {
			return
		}
		t.heard <- fmt.Sprintf("%-60s %s", describe(&pk), spaced(seen.Bytes()))
		seen.Reset()
	}
}

// oneByte reads so that a TeeReader sees no more than what was used.
type oneByte struct{ io.Reader }

func (o oneByte) Read(p []byte) (int, error) { return o.Reader.Read(p[:min(1, len(p))]) }

func spaced(raw []byte) string {
	if len(raw) > 200 {
		return fmt.Sprintf("% x … (%d bytes)", raw[:16], len(raw))
	}
	return fmt.Sprintf("% x", raw)
}

// fields are the words of a packet, as name=value or name.
type fields map[string][]string

func (f fields) text(name string) string { return strings.Join(f[name], "") }
func (f fields) has(name string) bool    { _, ok := f[name]; return ok }

func (f fields) number(name string) int {
	n, _ := strconv.Atoi(f.text(name))
	return n
}
