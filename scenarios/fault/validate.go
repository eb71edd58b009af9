package fault

import (
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"

	simfault "github.com/shakedown-iot/shakedown/sim/fault"
)

// Validate says what is wrong with a fault that its own Validate cannot know:
// whether the service has the operation, and whether it has batches. Faults that
// act elsewhere are left to those who apply them.
func Validate(f simfault.Fault) error {
	if f.Kind.Place() != simfault.OnService {
		return nil
	}
	known, ok := services[f.Target.Service]
	if !ok {
		return fmt.Errorf("target.service: %q is none of %s", f.Target.Service, strings.Join(serviceNames(), ", "))
	}
	var errs []error
	if op := f.Target.Operation; op != "" && !slices.Contains(known.uses, op) && !slices.Contains(known.others, op) {
		errs = append(errs, fmt.Errorf("target.operation: %q is no operation of %s; %s", op, f.Target.Service, known.describe()))
	}
	if f.Kind == simfault.PartialBatchFailure {
		errs = append(errs, validateBatch(f.Target))
	}
	return errors.Join(errs...)
}

// validateBatch holds a target to operations with entries.
func validateBatch(t simfault.Target) error {
	ops := batchesOf(t.Service)
	switch {
	case len(ops) == 0:
		var able []string
		for _, name := range serviceNames() {
			if list := batchesOf(name); len(list) > 0 {
				able = append(able, name+" ("+strings.Join(list, ", ")+")")
			}
		}
		return fmt.Errorf("target.service: %s has no batch operation here; %s acts on %s", t.Service, simfault.PartialBatchFailure, strings.Join(able, ", "))
	case t.Operation != "" && !slices.Contains(ops, t.Operation):
		return fmt.Errorf("target.operation: %s of %s has no entries; %s acts on %s",
			t.Operation, t.Service, simfault.PartialBatchFailure, strings.Join(ops, ", "))
	}
	return nil
}

// describe lists the operations.
func (s service) describe() string {
	if len(s.uses) == 0 {
		return "it has " + strings.Join(s.others, ", ")
	}
	text := "the pipeline uses " + strings.Join(s.uses, ", ")
	if len(s.others) > 0 {
		text += "; it has " + strings.Join(s.others, ", ") + ", too"
	}
	return text
}

// batchesOf are the batch operations of a service.
func batchesOf(name string) []string {
	var ops []string
	for c := range batches {
		if c.service == name {
			ops = append(ops, c.operation)
		}
	}
	sort.Strings(ops)
	return ops
}

func serviceNames() []string {
	names := make([]string, 0, len(services))
	for name := range services {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
