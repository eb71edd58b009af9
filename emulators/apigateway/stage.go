package apigateway

import (
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
		return nil, wire.Errorf(codeInvalid, 0, "autoDeploy false: deployments are not implemented by Shakedown; set autoDeploy")
	}
	if _, ok := a.stages[in.StageName]; ok {
		return nil, wire.Errorf(codeConflict, 409, "Stage already exists")
	}
	at := now()
	stage := Stage{StageName: in.StageName, AutoDeploy: true, Description: in.Description, CreatedDate: at, LastUpdatedDate: at, Tags: maps.Clone(in.Tags)}
	if stage.Tags == nil {
		stage.Tags = map[string]string{}
	}
	a.stages[in.StageName] = stage
	return &stage, nil
}

// GetStagesOutput is the answer of GetStages, by name.
type GetStagesOutput struct {
	Items []Stage `json:"items"`
}

// GetStages answers all stages of an API.
func (s *State) GetStages(_ context.Context, in *ApiRef) (*GetStagesOutput, error) {
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
	return out, nil
}
