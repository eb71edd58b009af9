package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// httpServer serves something to look at beside a run: outside any bubble, with a
// bound on every time and size.
type httpServer struct {
	name   string // for errors
	url    string
	server *http.Server
	ended  chan error
}

// serveHTTP serves until close.
func serveHTTP(l net.Listener, name string, handler http.Handler) *httpServer {
	s := &httpServer{name: name, url: "http://" + l.Addr().String() + "/", ended: make(chan error, 1), server: &http.Server{
		Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: 30 * time.Second, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
	}}
	go func() { s.ended <- s.server.Serve(l) }()
	return s
}

// close stops listening and lets open requests finish.
func (s *httpServer) close() error {
	patience, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	err := s.server.Shutdown(patience)
	if err != nil {
		err = s.server.Close()
	}
	if served := <-s.ended; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, fmt.Errorf("%s: %w", s.name, served))
	}
	return err
}
