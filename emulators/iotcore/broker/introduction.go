package broker

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/message"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/topic"
)

// registeredEvent is the JSON of topic.Registered, in AWS's order.
// https://docs.aws.amazon.com/iot/latest/developerguide/auto-register-device-cert.html
type registeredEvent struct {
	CertificateID         string          `json:"certificateId"`
	CACertificateID       string          `json:"caCertificateId"`
	Timestamp             int64           `json:"timestamp"`
	CertificateStatus     registry.Status `json:"certificateStatus"`
	AwsAccountID          string          `json:"awsAccountId"`
	RegistrationTimestamp string          `json:"certificateRegistrationTimestamp"`
}

// verify runs in every handshake, before the client has proved to have its key: it
// lets pass who may connect, and who may be registered for connecting.
func (b *Broker) verify(state tls.ConnectionState) error {
	now, cert := time.Now(), state.PeerCertificates[0]
	err := b.registry.Check(registry.Fingerprint(cert.Raw), now)
	if err != nil && b.registry.Introduces(cert, now) {
		return nil
	}
	return err
}

// introduce registers the certificate of a client that came through the handshake
// without one that may connect.
func (b *Broker) introduce(l *link, cert *x509.Certificate) {
	if b.registry.Check(l.certificate, time.Now()) == nil {
		return
	}
	l.introduction = b.registry.Introduce(cert, time.Now())
	if l.introduction != nil && l.introduction.Failed != nil {
		b.log.Warn("just-in-time provisioning", "certificate", l.certificate, "error", l.introduction.Failed)
	}
}

// refused says why a client cannot connect with the certificate that it was registered
// for on this connection: it may on the next, when it is ACTIVE then.
func refused(i *registry.Introduction) error {
	if i.Failed != nil {
		return fmt.Errorf("certificate %s was not provisioned: %w", i.CertificateID, i.Failed)
	}
	return fmt.Errorf("certificate %s was registered now, and is for the next connection", i.CertificateID)
}

// announceRegistered tells of a certificate that was registered because its client
// connected, or that is PENDING_ACTIVATION still. clientid() and principal() are the
// client's. CA_CERTIFICATE of the event configurations turns it off:
// https://docs.aws.amazon.com/iot/latest/developerguide/iot-events.html#iot-events-settings-table
func (b *Broker) announceRegistered(l *link) {
	if !b.registry.TellsOfRegistrations() {
		return
	}
	i := l.introduction
	payload, err := json.Marshal(registeredEvent{
		CertificateID: i.CertificateID, CACertificateID: i.CACertificateID, Timestamp: time.Now().UnixMilli(),
		CertificateStatus: registry.PendingActivation, AwsAccountID: b.identity.Account,
		RegistrationTimestamp: strconv.FormatInt(i.Registered.UnixMilli(), 10),
	})
	if err != nil { // there are only strings and numbers in it
		b.log.Error("registration event", "certificate", l.certificate, "error", err)
		return
	}
	m := &message.Message{
		Topic: topic.Registered + i.CACertificateID, Payload: payload, QoS: 1,
		MQTT: l.clientID != "", ClientID: l.clientID, Principal: l.certificate, SourceIP: l.ip, Source: l.clientID, Trace: b.trace(l),
	}
	if m.ClientID == "" {
		m.ClientID = message.OffMQTT
	}
	_ = b.Accept(l.cancel, m) // a stopping core has told of the drop
}
