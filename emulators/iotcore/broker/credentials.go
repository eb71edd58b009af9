package broker

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// sessionKeys are what a device gets for its certificate. They are a key pair like any
// other: whoever has them is the account's root user, not the role.
// https://docs.aws.amazon.com/iot/latest/developerguide/authorizing-direct-aws.html
type sessionKeys struct {
	AccessKeyID     string `json:"accessKeyId"`
	SecretAccessKey string `json:"secretAccessKey"`
	SessionToken    string `json:"sessionToken"`
	Expiration      string `json:"expiration"`
}

func newSessionKeys(until time.Time) sessionKeys {
	const keyLength, secretLength = 16, 40
	return sessionKeys{
		AccessKeyID: "ASIA" + rand.Text()[:keyLength], SecretAccessKey: (rand.Text() + rand.Text())[:secretLength],
		SessionToken: rand.Text() + rand.Text() + rand.Text(), Expiration: until.UTC().Format(time.RFC3339),
	}
}

// aliasOf is the role alias of a path /role-aliases/{alias}/credentials.
func aliasOf(path string) (string, bool) {
	rest, ok := strings.CutPrefix(path, "/role-aliases/")
	if !ok {
		return "", false
	}
	alias, ok := strings.CutSuffix(rest, "/credentials")
	return alias, ok && alias != "" && !strings.Contains(alias, "/")
}

// provide answers a request for the credentials of a role alias. The error is that the
// certificate may not connect.
func (b *Broker) provide(w http.ResponseWriter, r *http.Request, l *link, alias string) error {
	if err := b.registry.Check(l.certificate, time.Now()); err != nil {
		b.answer(w, nil, wire.Errorf("AccessDeniedException", http.StatusForbidden, "Certificate is invalid on this endpoint (%s)", err))
		return err
	}
	length, err := b.registry.Assume(l.certificate, r.Header.Get("X-Amzn-Iot-Thingname"), alias)
	if err != nil {
		b.log.Warn("role alias gives no credentials", "alias", alias, "certificate", l.certificate, "error", err)
	}
	b.answer(w, map[string]sessionKeys{"credentials": newSessionKeys(time.Now().Add(length))}, err)
	return nil
}

// answer writes the JSON of an answer, or of an error.
func (b *Broker) answer(w http.ResponseWriter, answer any, err error) {
	status := http.StatusOK
	if typed, ok := errors.AsType[*wire.Error](err); ok {
		status, answer = typed.HTTPStatus(), map[string]string{"message": typed.Message}
		w.Header().Set("X-Amzn-Errortype", typed.Code)
	} else if err != nil {
		status, answer = http.StatusInternalServerError, map[string]string{"message": "Internal Failure"}
	}
	body, _ := json.Marshal(answer) // texts only
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.Header().Set("X-Amzn-Requestid", wire.NewRequestID())
	w.WriteHeader(status)
	_, _ = w.Write(body) // the connection ends
}
