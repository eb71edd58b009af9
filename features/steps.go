package features

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/cucumber/godog"

	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
	"github.com/shakedown-iot/shakedown/scenarios/readback"
)

// Steps hold the world of one Gherkin scenario and what its steps remember.
type Steps struct {
	options scenarios.WorldOptions
	world   *scenarios.World
	devices map[string]*device
	sent    map[string][]byte // the last payload by thing
	fleet   *scenarios.FleetRun
	cloud   *device // the cloud's own client
	refusal error   // of the last call that was to be refused
	faults  faultSteps
	invoked invocations
	board   boardSteps
}

// NewSteps makes the steps of one scenario; worlds are made with options.
func NewSteps(options scenarios.WorldOptions) *Steps {
	return &Steps{options: options, devices: map[string]*device{}, sent: map[string][]byte{}}
}

// Beside says where the steps find files that a scenario names: in a folder of
// files, or of the working folder when nil.
func (s *Steps) Beside(files fs.FS, folder string) { s.faults.files, s.faults.folder = files, folder }

// World is the scenario's world, for further steps; nil before a Given made it.
func (s *Steps) World() *scenarios.World { return s.world }

// Register adds the steps to a scenario.
func (s *Steps) Register(sc *godog.ScenarioContext) {
	s.registerGiven(sc)
	s.registerWhen(sc)
	s.registerStored(sc)
	s.registerAlerts(sc)
	s.registerDevices(sc)
	s.registerRules(sc)
	s.registerFleet(sc)
	s.registerFunctions(sc)
	s.registerHardware(sc)
	s.registerCopies(sc)
	s.faults.register(sc)
}

// Close ends the devices and the world and returns the run hash.
func (s *Steps) Close() (string, error) {
	var errs []error
	if s.fleet != nil {
		s.fleet.Wait()
	}
	for _, d := range s.devices {
		d.close()
	}
	if s.cloud != nil {
		s.cloud.close()
	}
	if s.world == nil {
		return s.faults.hash(), nil
	}
	if s.realTime() { // there is no hash of real time
		return "", s.world.Close()
	}
	ctx := context.Background()
	errs = append(errs, s.world.Drain(ctx, s.drainBound()))
	_, err := s.evidence(ctx)
	errs = append(errs, err)
	s.world.Audit()
	hash := s.world.Hash()
	errs = append(errs, s.world.Close())
	return hash, errors.Join(errs...)
}

// drainBound bounds how long a pipeline may take to come to rest.
func (s *Steps) drainBound() time.Duration {
	if s.realTime() {
		return time.Minute
	}
	return time.Hour
}

func (s *Steps) start(ctx context.Context, p scenarios.Pipeline) error {
	options := s.options
	options.Pipeline = p
	if options.Attach == "" {
		options.WrapFunction = s.watchFunctions(options.WrapFunction)
	}
	world, err := scenarios.NewWorld(ctx, options)
	if err != nil {
		return err
	}
	s.world = world
	return nil
}

// watchFunctions keeps what functions are invoked with, around what else wraps them.
func (s *Steps) watchFunctions(wrap func(string, lambda.Handler) lambda.Handler) func(string, lambda.Handler) lambda.Handler {
	return func(name string, handler lambda.Handler) lambda.Handler {
		if wrap != nil {
			handler = wrap(name, handler)
		}
		return s.invoked.watch(name, handler)
	}
}

// inventory is what the stores hold.
type inventory struct {
	mu      sync.Mutex
	objects []ledger.Object
	rows    []ledger.Row
}

// FoundObject implements readback.Inventory.
func (i *inventory) FoundObject(o ledger.Object) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.objects = append(i.objects, o)
}

// FoundRow implements readback.Inventory.
func (i *inventory) FoundRow(r ledger.Row) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.rows = append(i.rows, r)
}

// stored reads objects and points back.
func (s *Steps) stored(ctx context.Context) (*inventory, error) {
	found := &inventory{}
	stores := s.world.Stores
	stores.AlertQueue, stores.DeadLetters = "", "" // reading a queue empties it
	_, err := readback.Read(ctx, s.world.AWS, stores, found)
	return found, err
}

// evidence reads back what is stored. Queues keep what earlier readings found.
func (s *Steps) evidence(ctx context.Context) (ledger.Evidence, error) {
	return s.world.ReadBack(ctx)
}

func (s *Steps) device(thing string) (*device, error) {
	d, ok := s.devices[thing]
	if !ok {
		return nil, fmt.Errorf("no device %q is connected", thing)
	}
	return d, nil
}

// expect compares and words the difference.
func expect[T comparable](what string, got, want T) error {
	if got != want {
		return fmt.Errorf("%s: got %v, want %v", what, got, want)
	}
	return nil
}
