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
		Routes: append([]wire.Route{
			{Name: "CreateSchedule", Method: "POST", Path: "/schedules/{Name}", Op: wire.Op(s.CreateSchedule)},
			{Name: "GetSchedule", Method: "GET", Path: "/schedules/{Name}", Op: wire.Op(s.GetSchedule)},
			{Name: "UpdateSchedule", Method: "PUT", Path: "/schedules/{Name}", Op: wire.Op(s.UpdateSchedule)},
			{Name: "DeleteSchedule", Method: "DELETE", Path: "/schedules/{Name}", Op: wire.Op(s.DeleteSchedule)},
			{Name: "ListSchedules", Method: "GET", Path: "/schedules", Op: wire.Op(s.ListSchedules)},
		}, wire.Refused(refused)...),
	}
}

// refused are the operations that Shakedown does not have.
const refused = `
CreateScheduleGroup POST   /schedule-groups/{Name}
DeleteScheduleGroup DELETE /schedule-groups/{Name}
GetScheduleGroup    GET    /schedule-groups/{Name}
ListScheduleGroups  GET    /schedule-groups
ListTagsForResource GET    /tags/{ResourceArn}
TagResource         POST   /tags/{ResourceArn}
UntagResource       DELETE /tags/{ResourceArn}
`
