package logging

import (
	"cmp"
	"context"
	"maps"
	"net/netip"
	"slices"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Bounds: of the names of targets, and of their number, which AWS does not tell.
const (
	maxTargetName = 256
	maxTargets    = 1000
)

// Target is what a level is for.
type Target struct {
	TargetType string `json:"targetType"`
	TargetName string `json:"targetName,omitempty"`
}

// The types of targets.
const (
	byDefault   = "DEFAULT"
	thingGroup  = "THING_GROUP"
	clientID    = "CLIENT_ID"
	sourceIP    = "SOURCE_IP"
	principalID = "PRINCIPAL_ID"
)

var targetTypes = []string{byDefault, thingGroup, clientID, sourceIP, principalID}

// TargetLevel is a target and its level.
type TargetLevel struct {
	LogTarget *Target `json:"logTarget"`
	LogLevel  Level   `json:"logLevel"`
}

// ListLevelsInput asks for a page of levels, of one type of targets or of all.
type ListLevelsInput struct {
	TargetType string `json:"-" query:"targetType"`
	MaxResults int    `json:"-" query:"maxResults"`
	NextToken  string `json:"-" query:"nextToken"`
}

// ListLevelsOutput is a page of them, by type and name.
type ListLevelsOutput struct {
	LogTargetConfigurations []TargetLevel `json:"logTargetConfigurations"`
	NextToken               string        `json:"nextToken,omitempty"`
}

// DeleteLevelInput names a target.
type DeleteLevelInput struct {
	TargetType string `json:"-" query:"targetType"`
	TargetName string `json:"-" query:"targetName"`
}

// SetLevel sets the level of a target; of DEFAULT it is the default level.
// https://docs.aws.amazon.com/iot/latest/apireference/API_SetV2LoggingLevel.html
func (s *State) SetLevel(_ context.Context, in *TargetLevel) (*Empty, error) {
	if in.LogTarget == nil {
		return nil, invalid("logTarget is missing")
	}
	if err := in.LogTarget.check(); err != nil {
		return nil, err
	}
	if err := in.LogLevel.check("logLevel"); err != nil {
		return nil, err
	}
	return &Empty{}, s.change(func(next *settings) error {
		if in.LogTarget.TargetType == byDefault {
			next.level = in.LogLevel
			return nil
		}
		next.targets[*in.LogTarget] = in.LogLevel
		if len(next.targets) > maxTargets {
			return wire.Errorf("LimitExceededException", 410, "there are %d levels; Shakedown has no more", maxTargets)
		}
		return nil
	})
}

// DeleteLevel forgets the level of a target; AWS documents no error for one without.
// https://docs.aws.amazon.com/iot/latest/apireference/API_DeleteV2LoggingLevel.html
func (s *State) DeleteLevel(_ context.Context, in *DeleteLevelInput) (*Empty, error) {
	t := Target{in.TargetType, in.TargetName}
	if err := t.check(); err != nil {
		return nil, err
	}
	if t.TargetType == byDefault {
		return nil, invalid("targetType DEFAULT: the default level cannot be deleted")
	}
	return &Empty{}, s.change(func(next *settings) error { delete(next.targets, t); return nil })
}

// change applies a change to a copy of the settings.
func (s *State) change(do func(*settings) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.set == nil {
		return notConfigured()
	}
	next := *s.set
	next.targets = maps.Clone(next.targets)
	if next.targets == nil {
		next.targets = map[Target]Level{}
	}
	if err := do(&next); err != nil {
		return err
	}
	s.apply(&next)
	return nil
}

// ListLevels lists the levels of targets, the default's among them.
// https://docs.aws.amazon.com/iot/latest/apireference/API_ListV2LoggingLevels.html
func (s *State) ListLevels(_ context.Context, in *ListLevelsInput) (*ListLevelsOutput, error) {
	if in.TargetType != "" && !slices.Contains(targetTypes, in.TargetType) {
		return nil, invalid("targetType %q is not one of %v", in.TargetType, targetTypes)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.set == nil {
		return nil, notConfigured()
	}
	all := []TargetLevel{{&Target{TargetType: byDefault}, s.set.level}}
	for t, level := range s.set.targets {
		all = append(all, TargetLevel{&t, level})
	}
	all = slices.DeleteFunc(all, func(l TargetLevel) bool { return in.TargetType != "" && l.LogTarget.TargetType != in.TargetType })
	slices.SortFunc(all, func(a, b TargetLevel) int {
		return cmp.Or(cmp.Compare(a.LogTarget.TargetType, b.LogTarget.TargetType), cmp.Compare(a.LogTarget.TargetName, b.LogTarget.TargetName))
	})
	page, next, err := registry.Page(all, in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	return &ListLevelsOutput{LogTargetConfigurations: append([]TargetLevel{}, page...), NextToken: next}, nil
}

func (t Target) check() error {
	switch {
	case !slices.Contains(targetTypes, t.TargetType):
		return invalid("targetType %q is not one of %v", t.TargetType, targetTypes)
	case t.TargetType == byDefault && t.TargetName != "":
		return invalid("targetName: DEFAULT has none")
	case t.TargetType != byDefault && (t.TargetName == "" || len(t.TargetName) > maxTargetName):
		return invalid("targetName has 1 to %d characters", maxTargetName)
	case t.TargetType == sourceIP:
		if _, err := netip.ParseAddr(t.TargetName); err != nil {
			return invalid("targetName %q is not an IP address", t.TargetName)
		}
	}
	return nil
}
