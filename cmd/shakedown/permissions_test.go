package main

import (
	"bytes"
	"errors"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAMissingPermissionIsToldOnce(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(&missingPermissions{out: &out}).With("thing", "a")
	log.Warn("rule failed", "error", errors.New("throttled"))
	for range 2 {
		log.Warn("undelivered", "topic", "t", "error", errors.New("User: sns is not authorized to perform: x; allow it with: aws sqs y"))
	}
	require.Equal(t, "permission missing (undelivered): User: sns is not authorized to perform: x; allow it with: aws sqs y\n", out.String())
}
