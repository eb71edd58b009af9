package features

import (
	"reflect"
	"testing"
	"time"

	"github.com/cucumber/godog"

	"github.com/shakedown-iot/shakedown/scenarios"
)

// On a backend outside this process, or with functions outside it, time is real. Nothing jumps there: a Then looks
// again and again until it holds, or its patience ends.
const (
	thenPatience = 20 * time.Second
	thenPause    = 200 * time.Millisecond
)

// realTime tells whether worlds of these options need it.
func realTime(o scenarios.WorldOptions) bool {
	return o.Backend.Remote() || o.Attach != "" || o.Processes != nil
}

func (s *Steps) realTime() bool { return realTime(s.options) }

// then registers a step that looks at what has come of those before it: f, a
// function that returns an error and changes nothing.
func (s *Steps) then(sc *godog.ScenarioContext, expression string, f any) {
	if s.realTime() {
		f = again(f)
	}
	sc.Step(expression, f)
}

// again is f called until it returns no error, or for as long as is patient.
func again(f any) any {
	call := reflect.ValueOf(f)
	return reflect.MakeFunc(call.Type(), func(args []reflect.Value) []reflect.Value {
		for deadline := time.Now().Add(thenPatience); ; time.Sleep(thenPause) {
			answer := call.Call(args)
			if answer[0].IsNil() || time.Now().After(deadline) {
				return answer
			}
		}
	}).Interface()
}

// realName groups the scenarios that run side by side: their test ends when all
// have ended.
const realName = "real"

// sideBySide runs the scenarios at one time: they mostly wait.
func (s Suite) sideBySide(t *testing.T, places []place) {
	for _, p := range places {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			own := s
			if s.Fresh != nil {
				own.World = s.Fresh(t)
			}
			if _, err := own.play(p); err != nil {
				t.Fatal(err)
			}
		})
	}
}
