package apigateway

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Result is a function's answer; FunctionError is empty unless it failed. It is
// an alias of a plain struct, so that *lambda.State is an Invoker as it is.
type Result = struct {
	Payload       []byte
	FunctionError string
	RequestID     string
}

// Invoker invokes a Lambda function, given as an ARN, and waits for its answer
// or for ctx.
type Invoker interface {
	InvokeSync(ctx context.Context, function string, payload []byte) (Result, error)
}

// Config is what a State is made of.
type Config struct {
	Identity wire.Identity
	// Invoker is called by the data plane; without one integrations are refused.
	Invoker Invoker
	// Roles decides what the roles of integrations may do; nil lets them do everything.
	Roles Roles
	// Endpoint is the base URL that clients reach Execute by, without a path;
	// http://127.0.0.1:4566 when empty.
	Endpoint string
	// Log is silent when nil.
	Log *slog.Logger
}

// State is the APIs of one account and region.
type State struct {
	config Config

	mu      sync.Mutex
	apis    map[string]*api
	created int
}

// api is one HTTP API.
type api struct {
	config       API
	integrations []Integration
	routes       []route
	stages       map[string]Stage
	created      int
}

// New makes a State.
func New(config Config) *State {
	config.Identity = config.Identity.OrDefault()
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	if config.Endpoint == "" {
		config.Endpoint = "http://127.0.0.1:4566"
	}
	config.Endpoint = strings.TrimSuffix(config.Endpoint, "/")
	return &State{config: config, apis: map[string]*api{}}
}

// Error codes of the service.
const (
	codeInvalid  = "BadRequestException"
	codeNotFound = "NotFoundException"
	codeConflict = "ConflictException"
)

// find returns an API. The caller holds mu.
func (s *State) find(id string) (*api, error) {
	if a := s.apis[id]; a != nil {
		return a, nil
	}
	return nil, wire.Errorf(codeNotFound, 404, "Invalid API identifier specified %s:%s", s.config.Identity.Account, id)
}

// identifier makes an id of what was created in which order: a run repeats.
func identifier(length int, parts ...any) string {
	sum := sha256.Sum256([]byte(fmt.Sprint(parts...)))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:]))[:length]
}

func now() string { return time.Now().UTC().Format("2006-01-02T15:04:05Z") }
