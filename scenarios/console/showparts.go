package console

import (
	"net/http"
	"time"
)

func (c *Console) showRules(w http.ResponseWriter, r *http.Request) {
	v := struct {
		Problem  string
		Rules    []Rule
		More     bool
		Counting bool
	}{Counting: c.config.Traffic != nil}
	var err error
	v.Rules, v.More, err = c.rules(r.Context())
	v.Problem = c.problem("rules", err)
	c.show(w, http.StatusOK, "rules", page{Title: "Rules", Section: "rules", Now: time.Now(), Content: v})
}

func (c *Console) showStreams(w http.ResponseWriter, r *http.Request) {
	var v struct {
		StreamProblem, FunctionProblem, QueueProblem string
		Streams                                      []Stream
		Functions                                    []Function
		Queue                                        *Queue
		Counting                                     bool
	}
	var err error
	v.Counting = c.config.Traffic != nil
	v.Streams, err = c.streamsOf(r.Context())
	v.StreamProblem = c.problem("streams", err)
	v.Functions, err = c.functionsOf(r.Context())
	v.FunctionProblem = c.problem("functions", err)
	v.Queue, err = c.deadLetters(r.Context())
	v.QueueProblem = c.problem("dead letters", err)
	c.show(w, http.StatusOK, "streams", page{Title: "Streams and functions", Section: "streams", Now: time.Now(), Content: v})
}
