package apigateway

import (
	"cmp"
	"context"
	"maps"
	"regexp"
	"slices"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Stage is where an API can be reached.
type Stage struct {
	StageName       string            `json:"stageName"`
	AutoDeploy      bool              `json:"autoDeploy"`
	Description     string            `json:"description,omitempty"`
	CreatedDate     string            `json:"createdDate"`
	LastUpdatedDate string            `json:"lastUpdatedDate"`
	Tags            map[string]string `json:"tags"`
	// DefaultRouteSettings and StageVariables are empty: clients read them.
	DefaultRouteSettings struct {
		DetailedMetricsEnabled bool `json:"detailedMetricsEnabled"`
	} `json:"defaultRouteSettings"`
	RouteSettings  struct{} `json:"routeSettings"`
	StageVariables struct{} `json:"stageVariables"`
}

// CreateStageInput is the request of CreateStage.
type CreateStageInput struct {
	ApiId       string            `path:"ApiId" json:"-"`
	StageName   string            `json:"stageName"`
	AutoDeploy  bool              `json:"autoDeploy"`
	Description string            `json:"description"`
	Tags        map[string]string `json:"tags"`
}

var stagePattern = regexp.MustCompile(`^(\$default|[a-zA-Z0-9_-]{1,128})$`)

var errNoDeployments = wire.Errorf(codeInvalid, 0, "autoDeploy false: deployments are not implemented by Shakedown; set autoDeploy")

// CreateStage adds a stage, which must be $default or a name, and deploy by
// itself. Errors: BadRequestException, ConflictException, NotFoundException.
func (s *State) CreateStage(_ context.Context, in *CreateStageInput) (*Stage, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.find(in.ApiId)
	if err != nil {
		return nil, err
	}
	return a.addStage(in)
}

func (a *api) addStage(in *CreateStageInput) (*Stage, error) {
	if !stagePattern.MatchString(in.StageName) {
		return nil, wire.Errorf(codeInvalid, 0, "stageName %q is not $default or 1 to 128 of a-z A-Z 0-9 _ -", in.StageName)
	}
	if !in.AutoDeploy {
		return nil, errNoDeployments
	}
	if _, ok := a.stages[in.StageName]; ok {
		return nil, wire.Errorf(codeConflict, 409, "Stage already exists")
	}
	if len(a.stages) >= maxStages {
		return nil, tooMany("stages of this API", maxStages)
	}
	tags, err := withTags(nil, in.Tags)
	if err = cmp.Or(err, checkText("description", in.Description, maxDescription)); err != nil {
		return nil, err
	}
	at := now()
	stage := Stage{StageName: in.StageName, AutoDeploy: true, Description: in.Description, CreatedDate: at, LastUpdatedDate: at, Tags: tags}
	a.stages[in.StageName] = stage
	return &stage, nil
}

// GetStagesOutput is the answer of GetStages, by name.
type GetStagesOutput struct {
	Items     []Stage `json:"items"`
	NextToken string  `json:"nextToken,omitempty"`
}

// GetStages answers all stages of an API.
func (s *State) GetStages(_ context.Context, in *Parts) (*GetStagesOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.find(in.ApiId)
	if err != nil {
		return nil, err
	}
	out := &GetStagesOutput{Items: []Stage{}}
	for _, name := range slices.Sorted(maps.Keys(a.stages)) {
		out.Items = append(out.Items, a.stages[name])
	}
	out.Items, out.NextToken, err = page(out.Items, in.MaxResults, in.NextToken)
	return out, err
}

// StageRef names a stage in a path.
type StageRef struct {
	ApiId     string `path:"ApiId" json:"-"`
	StageName string `path:"StageName" json:"-"`
}

// findStage returns a stage of an API. The caller holds mu.
func (s *State) findStage(ref StageRef) (*api, Stage, error) {
	a, err := s.find(ref.ApiId)
	if err != nil {
		return nil, Stage{}, err
	}
	stage, ok := a.stages[ref.StageName]
	if !ok {
		return nil, Stage{}, wire.Errorf(codeNotFound, 404, "Invalid Stage identifier specified")
	}
	return a, stage, nil
}

// GetStage answers one stage. Errors: NotFoundException.
func (s *State) GetStage(_ context.Context, in *StageRef) (*Stage, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, stage, err := s.findStage(*in)
	return &stage, err
}

// UpdateStageInput changes a stage; what is absent stays.
type UpdateStageInput struct {
	ApiId       string  `path:"ApiId" json:"-"`
	StageName   string  `path:"StageName" json:"-"`
	AutoDeploy  *bool   `json:"autoDeploy"`
	Description *string `json:"description"`
}

// UpdateStage changes a stage's description. Errors: BadRequestException,
// NotFoundException.
func (s *State) UpdateStage(_ context.Context, in *UpdateStageInput) (*Stage, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, stage, err := s.findStage(StageRef{in.ApiId, in.StageName})
	if err != nil {
		return nil, err
	}
	if in.AutoDeploy != nil && !*in.AutoDeploy {
		return nil, errNoDeployments
	}
	replace(&stage.Description, in.Description)
	if err := checkText("description", stage.Description, maxDescription); err != nil {
		return nil, err
	}
	stage.LastUpdatedDate = now()
	a.stages[in.StageName] = stage
	return &stage, nil
}

// DeleteStage removes a stage. Errors: NotFoundException.
func (s *State) DeleteStage(_ context.Context, in *StageRef) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, _, err := s.findStage(*in)
	if err != nil {
		return nil, err
	}
	delete(a.stages, in.StageName)
	return &Empty{}, nil
}
