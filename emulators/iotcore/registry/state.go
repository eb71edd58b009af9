package registry

import (
	"sync"
	"sync/atomic"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Config is what a registry needs.
type Config struct {
	Identity wire.Identity
	// Authority signs certificates; required.
	Authority *Authority
	// Roles decides what provisioning roles may do; nil lets them do everything.
	Roles Roles
	// StatusChanged is told of a certificate whose status changed, after the
	// change; it may be nil.
	StatusChanged func(certificateID string, status Status)
	// Changed is told what is to be published about a change, in order and after the
	// change; nobody is when nil.
	Changed func([]Event)
	// Taggable tells whether an ARN is that of a topic rule, which is kept
	// elsewhere and has tags; nil means that none is.
	Taggable func(arn string) bool
}

// State is the registry. Its methods are safe for concurrent use.
type State struct {
	config  Config
	version atomic.Uint64

	mu           sync.RWMutex
	things       map[string]*thing
	certificates map[string]*certificate // by id
	policies     map[string]*policyEntry
	types        map[string]*thingType
	groups       map[string]*thingGroup
	tags         map[string]map[string]string // by ARN
	authorities  map[string]*caCertificate    // by id
	templates    map[string]*keptTemplate
	aliases      map[string]*roleAlias
	claims       map[string]claim // by token
	created      int              // counts everything ever created: creation order
	after        []func()         // of the change that is on, when it is over
	told         []Event          // of the change that is on, to be published

	events           eventConfigurations
	groupPolicies    int    // attachments of policies to groups
	registrationCode string // empty until it is asked for
}

// New makes an empty registry.
func New(config Config) *State {
	config.Identity = config.Identity.OrDefault()
	return &State{
		config:       config,
		things:       map[string]*thing{},
		certificates: map[string]*certificate{},
		policies:     map[string]*policyEntry{},
		types:        map[string]*thingType{},
		groups:       map[string]*thingGroup{},
		tags:         map[string]map[string]string{},
		authorities:  map[string]*caCertificate{},
		templates:    map[string]*keptTemplate{},
		aliases:      map[string]*roleAlias{},
		claims:       map[string]claim{},
		events:       newEventConfigurations(),
	}
}

// Version grows with every change: what was read at one version holds until
// the next.
func (s *State) Version() uint64 { return s.version.Load() }

// change locks for writing; the caller defers what it returns.
func (s *State) change() (done func()) {
	s.mu.Lock()
	return func() {
		s.version.Add(1)
		after, told := s.after, s.told
		s.after, s.told = nil, nil
		s.mu.Unlock()
		for _, tell := range after {
			tell()
		}
		if len(told) > 0 {
			s.config.Changed(told)
		}
	}
}

func (s *State) nextCreated() int {
	s.created++
	return s.created
}

func (s *State) arn(resource string) string { return s.config.Identity.ARN("iot", resource) }

// Error codes of the IoT control plane.
// https://docs.aws.amazon.com/iot/latest/apireference/API_Operations.html
const (
	codeInvalid  = "InvalidRequestException"
	codeExists   = "ResourceAlreadyExistsException"
	codeNotFound = "ResourceNotFoundException"
	codeConflict = "DeleteConflictException"
	codeLimit    = "LimitExceededException"
	codeState    = "CertificateStateException"
)

func invalid(format string, args ...any) error {
	return wire.Errorf(codeInvalid, 400, format, args...)
}

func notFound(format string, args ...any) error {
	return wire.Errorf(codeNotFound, 404, format, args...)
}
