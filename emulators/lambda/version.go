package lambda

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"github.com/shakedown-iot/shakedown/emulators/lambda/process"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// version is a configuration with its code: $LATEST, which changes, or one that
// was published and stays.
type version struct {
	config FunctionConfiguration
	zip    []byte
	code   *process.Function // nil where a bound handler runs
	// environments are those of a bound handler.
	environments *environments
	origin       string // RevisionId of the $LATEST that was published
}

// target is what a reference with a qualifier leads to.
type target struct {
	function  *function
	version   *version
	qualifier string // as it was given
}

// arn is that of what was referred to, with its qualifier.
func (t target) arn() string {
	if t.qualifier == "" {
		return t.function.config.FunctionArn
	}
	return t.function.config.FunctionArn + ":" + t.qualifier
}

// resolve reads a reference with its qualifier, which may stand in the reference
// or beside it. The caller holds mu.
func (s *State) resolve(ref FunctionRef) (target, error) {
	name, qualifier, err := s.refOf(ref.FunctionName, ref.Qualifier)
	if err != nil {
		return target{}, err
	}
	return s.find(name, qualifier)
}

// find returns what a name and a qualifier lead to. The caller holds mu.
func (s *State) find(name, qualifier string) (target, error) {
	f := s.functions[name]
	if f == nil {
		return target{}, wire.Errorf(codeNotFound, 404, "Function not found: %s", s.arnOf(name, qualifier))
	}
	if v := f.at(qualifier); v != nil {
		return target{f, v, qualifier}, nil
	}
	return target{}, wire.Errorf(codeNotFound, 404, "Function not found: %s", s.arnOf(name, qualifier))
}

// at is the version that a qualifier leads to; nil when there is none.
func (f *function) at(qualifier string) *version {
	if qualifier == "" || qualifier == latestVersion {
		return &f.version
	}
	if a := f.aliases[qualifier]; a != nil {
		qualifier = a.FunctionVersion
		if qualifier == latestVersion {
			return &f.version
		}
	}
	i := slices.IndexFunc(f.published, func(v *version) bool { return v.config.Version == qualifier })
	if i < 0 {
		return nil
	}
	return f.published[i]
}

// PublishVersionInput is the request of PublishVersion.
type PublishVersionInput struct {
	FunctionName string `path:"FunctionName" json:"-"`
	CodeSha256   string
	Description  *string
	RevisionId   string
}

// PublishVersion makes a version of $LATEST, unless that is what the last version
// is. Errors: InvalidParameterValueException for another CodeSha256,
// PreconditionFailedException for another RevisionId.
// See https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html
func (s *State) PublishVersion(_ context.Context, in *PublishVersionInput) (*FunctionConfiguration, error) {
	if err := checkDescription(in.Description); err != nil {
		return nil, err
	}
	s.mu.Lock()
	t, err := s.resolve(FunctionRef{FunctionName: in.FunctionName})
	if err != nil {
		s.mu.Unlock()
		return nil, err
	}
	latest := t.function.version
	s.mu.Unlock()
	if err := checkRevision(latest.config, in.RevisionId); err != nil {
		return nil, err
	}
	if in.CodeSha256 != "" && in.CodeSha256 != latest.config.CodeSha256 {
		return nil, wire.Errorf(codeInvalid, 0, "CodeSHA256 (%s) is different from current CodeSHA256 in $LATEST (%s).", in.CodeSha256, latest.config.CodeSha256)
	}
	return s.publish(t.function, latest, in.Description)
}

// publish makes a version of what $LATEST was a moment ago.
func (s *State) publish(f *function, latest version, description *string) (*FunctionConfiguration, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(f.published); n > 0 && f.published[n-1].origin == latest.config.RevisionId {
		c := f.published[n-1].config
		return &c, nil
	}
	v := &version{config: latest.config, zip: latest.zip}
	v.origin = latest.config.RevisionId
	set(&v.config.Description, description)
	f.numbers++
	v.config.Version = strconv.Itoa(f.numbers)
	v.config.FunctionArn += ":" + v.config.Version
	v.config.touch()
	if latest.code != nil {
		v.code = latest.code.Version(v.config.Version)
	}
	f.published = append(f.published, v)
	c := v.config
	return &c, nil
}

func checkRevision(c FunctionConfiguration, revision string) error {
	if revision == "" || revision == c.RevisionId {
		return nil
	}
	return wire.Errorf("PreconditionFailedException", 412,
		"The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id")
}

// ListVersionsByFunctionInput is the request of ListVersionsByFunction.
type ListVersionsByFunctionInput struct {
	FunctionName string `path:"FunctionName" json:"-"`
	Marker       string `query:"Marker" json:"-"`
	MaxItems     int32  `query:"MaxItems" json:"-"`
}

// ListVersionsByFunctionOutput is its answer, $LATEST first.
type ListVersionsByFunctionOutput struct {
	Versions   []FunctionConfiguration
	NextMarker string `json:",omitempty"`
}

// ListVersionsByFunction answers pages of at most 50 versions.
func (s *State) ListVersionsByFunction(_ context.Context, in *ListVersionsByFunctionInput) (*ListVersionsByFunctionOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.resolve(FunctionRef{FunctionName: in.FunctionName})
	if err != nil {
		return nil, err
	}
	// Markers are names that sort as the versions do.
	byMarker := map[string]FunctionConfiguration{markerOf(0): t.function.qualified()}
	for _, v := range t.function.published {
		n, _ := strconv.Atoi(v.config.Version)
		byMarker[markerOf(n)] = v.config
	}
	markers, next, err := page(slices.Collect(maps.Keys(byMarker)), in.Marker, in.MaxItems, 50)
	if err != nil {
		return nil, err
	}
	out := &ListVersionsByFunctionOutput{NextMarker: next}
	for _, m := range markers {
		out.Versions = append(out.Versions, byMarker[m])
	}
	return out, nil
}

func markerOf(n int) string { return "version-" + strconv.Itoa(1_000_000_000+n) }

// qualified is $LATEST as lists of versions spell it: its ARN has a qualifier.
func (f *function) qualified() FunctionConfiguration {
	c := f.config
	c.FunctionArn += ":" + latestVersion
	return c
}
