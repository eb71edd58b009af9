package main

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/policy"
)

func TestAMissingPermissionIsToldOnce(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(&missingPermissions{out: &out}).With("thing", "a")
	log.Warn("rule failed", "error", errors.New("throttled"))
	for range 2 {
		log.Warn("undelivered", "topic", "t", "error", errors.New("User: sns is not authorized to perform: x; allow it with: aws sqs y"))
	}
	require.Equal(t, "permission missing (undelivered): User: sns is not authorized to perform: x; allow it with: aws sqs y\n", out.String())

	out.Reset()
	denied := &policy.Refusal{Use: policy.Use{Role: "r", Action: "kinesis:PutRecord", Resource: "s"}, Reason: "an explicit deny in p"}
	log.Warn("action failed", "error", fmt.Errorf("put record: %w", denied))
	require.Equal(t, "permission missing (action failed): put record: User: r is not authorized to perform: kinesis:PutRecord on resource: s: an explicit deny in p\n", out.String())
}
