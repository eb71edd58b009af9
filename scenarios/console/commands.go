package console

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aws/smithy-go"
)

// Command is a command that was sent from the console.
type Command struct {
	ID     string
	Thing  string
	Action string
	Sent   time.Time
	Failed string  // why it was not sent
	Answer *Answer // of the device
	Missed bool    // a later command was answered, this one not
}

// actions are those of the source's firmware and of the alert handler.
var actions = []struct{ Name, Text string }{
	{"update_interval", "Report at another interval"},
	{"reboot", "Reboot"},
	{"enter_safe_mode", "Enter safe mode"},
}

// mostCommands bounds the commands that the console remembers.
const mostCommands = 500

// commands remembers what was sent, the newest first.
type commands struct {
	mu   sync.Mutex
	list []Command
}

func (c *commands) add(one Command) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.list = slices.Insert(c.list, 0, one)
	c.list = c.list[:min(len(c.list), mostCommands)]
}

// of are a device's commands, after its newest answer has been looked at.
func (c *commands) of(thing string, answer *Answer) []Command {
	c.mu.Lock()
	defer c.mu.Unlock()
	var list []Command
	answered := false // a later one
	for i := range c.list {
		one := &c.list[i]
		if one.Thing != thing {
			continue
		}
		if answer != nil && answer.ID == one.ID {
			one.Answer = answer
		}
		one.Missed = answered && one.Answer == nil && one.Failed == ""
		answered = answered || one.Answer != nil
		list = append(list, *one)
	}
	return list
}

// sendCommand takes the form of a device's page, and shows that page again.
func (c *Console) sendCommand(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	if err := r.ParseForm(); err != nil {
		c.fail(w, r, http.StatusBadRequest, "The form could not be read.", "Open the device's page again and send the command there.")
		return
	}
	if !c.fromOwnForm(r) {
		c.fail(w, r, http.StatusForbidden, "This form is not of this console, or older than it.", "Open the device's page again and send the command there.")
		return
	}
	id := r.PathValue("id")
	one := Command{ID: "console-" + rand.Text()[:10], Thing: id, Action: r.PostFormValue("action"), Sent: time.Now()}
	if err := c.send(r, one); err != nil {
		c.config.Log.Info("console: command not sent", "thing", id, "error", err)
		one.Failed = explain(err)
	}
	c.commands.add(one)
	http.Redirect(w, r, "/devices/"+url.PathEscape(id)+"#commands", http.StatusSeeOther)
}

// send gives a command to the device API.
func (c *Console) send(r *http.Request, one Command) error {
	body := map[string]any{"action": one.Action, "id": one.ID}
	if one.Action == "update_interval" {
		seconds, err := strconv.ParseFloat(strings.TrimSpace(r.PostFormValue("interval")), 64)
		if err != nil {
			return errInterval
		}
		body["interval"] = seconds
	}
	var answer struct{ Status string }
	return c.call(r.Context(), http.MethodPost, "/devices/"+url.PathEscape(one.Thing)+"/commands", body, &answer)
}

var errInterval = errors.New("the interval is a number of seconds, such as 10")

// explain words an error for people, with what to do where we know.
func explain(err error) string {
	var refused *statusError
	switch {
	case errors.Is(err, errNoAPI):
		return "This pipeline has no device API: start Shakedown with --pipeline default."
	case isNotFound(err):
		return "The device API does not know this device yet: it has to report once."
	case errors.As(err, &refused):
		return fmt.Sprintf("The device API answers %d: %s.", refused.code, strings.TrimSuffix(refused.text, "."))
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Sprintf("There was no answer within %s. The page asks again.", answerWithin)
	}
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		operation := ""
		if called, ok := errors.AsType[*smithy.OperationError](err); ok {
			operation = called.Service() + " " + called.Operation() + ": "
		}
		return operation + api.ErrorCode() + ": " + api.ErrorMessage()
	}
	return err.Error()
}
