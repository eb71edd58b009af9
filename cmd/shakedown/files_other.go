//go:build !linux && !darwin

package main

// openFiles answers what was asked for: there is no such limit.
func openFiles(want uint64) (uint64, error) { return want, nil }
