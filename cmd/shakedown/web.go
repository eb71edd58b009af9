package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

// loopbackWeb reaches web servers that are subscribed to topics or are the target
// of a rule: on this machine only, whatever a subscription names.
func loopbackWeb() *http.Client {
	dialer := &net.Dialer{Timeout: 5 * time.Second, ControlContext: onLoopback}
	return &http.Client{
		Transport: &http.Transport{DialContext: dialer.DialContext, MaxIdleConnsPerHost: 4, IdleConnTimeout: time.Minute},
		Timeout:   20 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse // AWS does not follow either
		},
	}
}

// onLoopback refuses every other address, after its name was looked up.
func onLoopback(_ context.Context, _, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	if !to.Addr().IsLoopback() {
		return fmt.Errorf("%s is not on this machine: Shakedown calls web servers on loopback only", address)
	}
	return nil
}
