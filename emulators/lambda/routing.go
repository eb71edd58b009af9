package lambda

import (
	"math/rand/v2"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// AliasRouting sends a part of an alias's invocations, from 0.0 to 1.0, to a second
// version.
// See https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html
type AliasRouting struct{ AdditionalVersionWeights map[string]float64 }

// alias is an Alias with the generator that chooses between its versions.
type alias struct {
	Alias
	random *rand.Rand
}

func (s *State) newAlias(f *function, name string) *alias {
	return &alias{
		Alias:  Alias{AliasArn: f.config.FunctionArn + ":" + name, Name: name},
		random: rand.New(rand.NewPCG(s.config.Seed, hash(f.config.FunctionName, name, 0))),
	}
}

// aim points an alias to a version and a second one; nil leaves it as it is.
func (f *function) aim(a *alias, version *string, routing *AliasRouting) error {
	next := a.Alias
	set(&next.FunctionVersion, version)
	if routing != nil {
		if next.RoutingConfig = routing; len(routing.AdditionalVersionWeights) == 0 {
			next.RoutingConfig = nil
		}
	}
	if err := f.checkVersion(next.FunctionVersion); err != nil {
		return err
	}
	if err := f.checkRouting(&next); err != nil {
		return err
	}
	a.Alias = next
	return nil
}

func (f *function) checkRouting(a *Alias) error {
	if a.RoutingConfig == nil {
		return nil
	}
	if n := len(a.RoutingConfig.AdditionalVersionWeights); n > 1 {
		return wire.Errorf(codeInvalid, 0, "Number of items in AdditionalVersionWeights cannot be greater than 1: there are %d", n)
	}
	for number, weight := range a.RoutingConfig.AdditionalVersionWeights {
		switch {
		case !(weight >= 0 && weight <= 1):
			return wire.Errorf(codeInvalid, 0, "AdditionalVersionWeights: the weight %v of version %q is not between 0.0 and 1.0", weight, number)
		case a.FunctionVersion == latestVersion || number == latestVersion:
			return wire.Errorf(codeInvalid, 0, "$LATEST is not supported for an alias pointing to more than 1 version")
		case number == a.FunctionVersion:
			return wire.Errorf(codeInvalid, 0, "Invalid function version %s. Function version %[1]s is already included in routing configuration.", number)
		}
		if err := f.checkVersion(number); err != nil {
			return err
		}
		if err := alike(&f.at(a.FunctionVersion).config, &f.at(number).config); err != nil {
			return err
		}
	}
	return nil
}

// alike makes sure that two versions can stand behind one alias: "both versions must
// have the same execution role" and "the same dead-letter queue configuration".
func alike(a, b *FunctionConfiguration) error {
	switch {
	case a.Role != b.Role:
		return wire.Errorf(codeInvalid, 0, "Versions %s and %s of one alias must have the same execution role", a.Version, b.Version)
	case a.deadLetters() != b.deadLetters():
		return wire.Errorf(codeInvalid, 0, "Versions %s and %s of one alias must have the same dead-letter queue configuration", a.Version, b.Version)
	}
	return nil
}

// leadsTo tells whether an alias may invoke a version.
func (a *Alias) leadsTo(number string) bool {
	if a.FunctionVersion == number {
		return true
	}
	if a.RoutingConfig == nil {
		return false
	}
	_, ok := a.RoutingConfig.AdditionalVersionWeights[number]
	return ok
}

// draw chooses the version of one invocation; "" is that of the alias.
func (a *alias) draw() string {
	if a.RoutingConfig == nil {
		return ""
	}
	for number, weight := range a.RoutingConfig.AdditionalVersionWeights { // there is one
		if a.random.Float64() < weight {
			return number
		}
	}
	return ""
}

// route lets an invocation that begins run the version that its alias chooses. The
// caller holds mu.
func (s *State) route(c *call) {
	f := s.functions[c.name]
	if f == nil || f.aliases[c.qualifier] == nil {
		return
	}
	if number := f.aliases[c.qualifier].draw(); number != "" {
		s.assign(c, f.at(number))
	}
}
