package logs

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// group is a log group; the State's lock guards it.
type group struct {
	name      string
	created   time.Time
	retention int // in days; 0: events never expire
	tags      map[string]string
	streams   map[string]*stream
	bytes     int64
}

var groupName = regexp.MustCompile(`^[.\-_/#A-Za-z0-9]{1,512}$`)

// standard is the log class that is implemented.
const standard = "STANDARD"

// CreateLogGroupInput makes a group.
type CreateLogGroupInput struct {
	LogGroupName              string            `json:"logGroupName"`
	KmsKeyID                  string            `json:"kmsKeyId"`
	LogGroupClass             string            `json:"logGroupClass"`
	DeletionProtectionEnabled bool              `json:"deletionProtectionEnabled"`
	Tags                      map[string]string `json:"tags"`
}

// CreateLogGroup makes a group. Errors: ResourceAlreadyExistsException,
// LimitExceededException, InvalidParameterException.
func (s *State) CreateLogGroup(_ context.Context, in *CreateLogGroupInput) (*Empty, error) {
	if err := checkGroup(in.LogGroupName); err != nil {
		return nil, err
	}
	switch {
	case in.KmsKeyID != "":
		return nil, wire.Unsupported("InvalidParameterException", "CreateLogGroup", "kmsKeyId")
	case in.LogGroupClass != "" && in.LogGroupClass != standard:
		return nil, wire.Unsupported("InvalidParameterException", "CreateLogGroup", "logGroupClass "+in.LogGroupClass)
	case in.DeletionProtectionEnabled:
		return nil, wire.Unsupported("InvalidParameterException", "CreateLogGroup", "deletionProtectionEnabled")
	}
	tags, err := withTags(nil, in.Tags)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.groups[in.LogGroupName]; ok {
		return nil, wire.Errorf("ResourceAlreadyExistsException", 0, "The specified log group already exists")
	}
	_, err = s.newGroup(in.LogGroupName, tags)
	return &Empty{}, err
}

// checkGroup tells whether a group may have a name: it does not begin with aws/, which is
// not /aws/.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
func checkGroup(name string) error {
	switch {
	case !groupName.MatchString(name):
		return invalid("Value '%.600s' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: %s", name, groupName)
	case strings.HasPrefix(strings.ToLower(name), "aws/"):
		return invalid("Log groups starting with AWS/ are reserved for AWS.")
	}
	return nil
}

// newGroup makes a group that is not there. The caller holds the lock.
func (s *State) newGroup(name string, tags map[string]string) (*group, error) {
	if len(s.groups) >= maxGroups {
		return nil, wire.Errorf("LimitExceededException", 0, "There are %d log groups already.", maxGroups)
	}
	g := &group{name: name, created: time.Now(), tags: tags, streams: map[string]*stream{}}
	s.groups[name] = g
	return g, nil
}

// GroupInput names a group.
type GroupInput struct {
	LogGroupName string `json:"logGroupName"`
}

// DeleteLogGroup ends a group and its events.
func (s *State) DeleteLogGroup(_ context.Context, in *GroupInput) (*Empty, error) {
	return s.on(in.LogGroupName, func(g *group) error {
		delete(s.groups, g.name)
		s.streams -= len(g.streams)
		s.bytes -= g.bytes
		return nil
	})
}

// classes are those of AWS; here groups are of the first.
var classes = []string{standard, "INFREQUENT_ACCESS", "DELIVERY"}

// DescribeLogGroupsInput selects groups by a prefix or by a part of their names.
type DescribeLogGroupsInput struct {
	LogGroupNamePrefix  string   `json:"logGroupNamePrefix"`
	LogGroupNamePattern string   `json:"logGroupNamePattern"`
	LogGroupIdentifiers []string `json:"logGroupIdentifiers"`
	LogGroupClass       string   `json:"logGroupClass"`
	Page
}

// Group is a group as DescribeLogGroups answers it.
type Group struct {
	Arn               string `json:"arn"`
	LogGroupArn       string `json:"logGroupArn,omitempty"`
	LogGroupName      string `json:"logGroupName"`
	LogGroupClass     string `json:"logGroupClass,omitempty"`
	CreationTime      int64  `json:"creationTime"`
	RetentionInDays   int    `json:"retentionInDays,omitempty"`
	MetricFilterCount *int   `json:"metricFilterCount,omitempty"`
	StoredBytes       *int64 `json:"storedBytes,omitempty"`
}

// DescribeLogGroupsOutput is a page of groups, by name.
type DescribeLogGroupsOutput struct {
	LogGroups []Group `json:"logGroups"`
	NextToken string  `json:"nextToken,omitempty"`
}

// DescribeLogGroups lists groups.
func (s *State) DescribeLogGroups(_ context.Context, in *DescribeLogGroupsInput) (*DescribeLogGroupsOutput, error) {
	if in.LogGroupNamePrefix != "" && in.LogGroupNamePattern != "" {
		return nil, invalid("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.")
	}
	if len(in.LogGroupIdentifiers) > 0 && (in.LogGroupNamePrefix+in.LogGroupNamePattern+in.LogGroupClass) != "" {
		return nil, invalid("logGroupIdentifiers allows no other filter.")
	}
	if c := in.LogGroupClass; c != "" && !slices.Contains(classes, c) {
		return nil, invalid("Value '%.100s' at 'logGroupClass' failed to satisfy constraint: Member must satisfy enum value set: %v", c, classes)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []*group
	for _, name := range slices.Sorted(maps.Keys(s.groups)) {
		if in.selects(s, name) {
			found = append(found, s.groups[name])
		}
	}
	found, next, err := cut(found, in.Page, false, func(g *group) string { return g.name })
	if err != nil {
		return nil, err
	}
	out := &DescribeLogGroupsOutput{LogGroups: []Group{}, NextToken: next}
	for _, g := range found {
		s.expire(g)
		out.LogGroups = append(out.LogGroups, s.describe(g, in.LogGroupNamePattern != ""))
	}
	return out, nil
}

func (in *DescribeLogGroupsInput) selects(s *State, name string) bool {
	if len(in.LogGroupIdentifiers) > 0 {
		return slices.Contains(in.LogGroupIdentifiers, name) || slices.Contains(in.LogGroupIdentifiers, s.groupARN(name))
	}
	return strings.HasPrefix(name, in.LogGroupNamePrefix) && strings.Contains(name, in.LogGroupNamePattern) &&
		(in.LogGroupClass == "" || in.LogGroupClass == standard)
}

func (s *State) groupARN(name string) string { return s.id.ARN("logs", "log-group:"+name) }

// describe answers a group: of one found by a pattern, AWS answers three members.
func (s *State) describe(g *group, brief bool) Group {
	arn := s.groupARN(g.name)
	out := Group{Arn: arn + ":*", LogGroupName: g.name, CreationTime: g.created.UnixMilli()}
	if !brief {
		bytes := g.bytes
		out.LogGroupArn, out.LogGroupClass, out.RetentionInDays = arn, standard, g.retention
		out.MetricFilterCount, out.StoredBytes = new(int), &bytes
	}
	return out
}
