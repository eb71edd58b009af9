package scheduler

import (
	"net/http"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Handler serves the API over REST-JSON.
func Handler(s *State) http.Handler {
	return wire.REST{
		UnknownMember:    codeInvalid,
		UnknownOperation: codeInvalid,
		MaxBody:          1 << 20,
		Log:              s.config.Log,
		Routes: []wire.Route{
			{Name: "CreateSchedule", Method: "POST", Path: "/schedules/{Name}", Op: wire.Op(s.CreateSchedule)},
			{Name: "GetSchedule", Method: "GET", Path: "/schedules/{Name}", Op: wire.Op(s.GetSchedule)},
			{Name: "UpdateSchedule", Method: "PUT", Path: "/schedules/{Name}", Op: wire.Op(s.UpdateSchedule)},
			{Name: "DeleteSchedule", Method: "DELETE", Path: "/schedules/{Name}", Op: wire.Op(s.DeleteSchedule)},
			{Name: "ListSchedules", Method: "GET", Path: "/schedules", Op: wire.Op(s.ListSchedules)},
			{Name: "CreateScheduleGroup", Method: "POST", Path: "/schedule-groups/{Name}", Op: wire.Op(s.CreateScheduleGroup)},
			{Name: "GetScheduleGroup", Method: "GET", Path: "/schedule-groups/{Name}", Op: wire.Op(s.GetScheduleGroup)},
			{Name: "DeleteScheduleGroup", Method: "DELETE", Path: "/schedule-groups/{Name}", Op: wire.Op(s.DeleteScheduleGroup)},
			{Name: "ListScheduleGroups", Method: "GET", Path: "/schedule-groups", Op: wire.Op(s.ListScheduleGroups)},
			{Name: "TagResource", Method: "POST", Path: "/tags/{ResourceArn}", Op: wire.Op(s.TagResource)},
			{Name: "UntagResource", Method: "DELETE", Path: "/tags/{ResourceArn}", Op: wire.Op(s.UntagResource)},
			{Name: "ListTagsForResource", Method: "GET", Path: "/tags/{ResourceArn}", Op: wire.Op(s.ListTagsForResource)},
		},
	}
}
