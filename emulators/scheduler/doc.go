// Package scheduler is Amazon EventBridge Scheduler: schedules of the three kinds, whose
// templated targets are Lambda functions, SQS queues, SNS topics, Kinesis and Firehose streams.
//
// A schedule with rate(5 minutes) and State ENABLED invokes its target at once
// when it is created and then every five minutes, counted from the creation
// (or from the last update), or from StartDate; cron() and at() go by the clock of
// ScheduleExpressionTimezone. AWS allows itself up to 60 s of delay, Shakedown
// takes none but in a flexible time window, of which it takes a part; at() of more than a minute ago is refused. See
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
//
// A schedule that will not be due again, as one behind its EndDate, is kept or deleted as
// ActionAfterCompletion says. See
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-delete.html
//
// [State.Run] fires what is due, in order of (time, name), one after the other; what a
// target does not take is tried again after 1, 2, 4
// … seconds until the next one of the schedule is due. (AWS tries for 24 h; a
// sweep that is late helps nobody.) Of what was missed while Run was not running,
// one firing is made up for.
//
// A target's role must trust scheduler.amazonaws.com, for the group of the schedule,
// when a schedule is made or updated, and allow the target's action at each firing
// ([Config].Roles): lambda:InvokeFunction, sqs:SendMessage, sns:Publish, kinesis:PutRecord or
// firehose:PutRecord. A firing that the role does not allow, or whose target is not there,
// is not tried again.
//
// What is given up goes to the dead-letter queue of the target, if it has one and the
// role allows sqs:SendMessage: with the attributes of
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
// and the request of the failed call as the body, which AWS shows for SQS and leaves open
// for the others. A firing that the next one ends has MaximumEventAgeInSeconds there.
//
// The input of a target is passed on with the context attributes of
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
// filled in; without an input the target gets a "Scheduled Event".
//
// A target's RetryPolicy bounds the retries of a firing. Keys of KMS, other targets and
// universal ones are refused by name. A group that is deleted is gone at once, with its
// schedules.
//
// # Operations
//
//	CreateSchedule GetSchedule UpdateSchedule DeleteSchedule ListSchedules
//	CreateScheduleGroup GetScheduleGroup DeleteScheduleGroup ListScheduleGroups
//	TagResource UntagResource ListTagsForResource
package scheduler
