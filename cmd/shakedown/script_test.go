package main

import (
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/shakedown-iot/shakedown/emulators"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"shakedown": func() { os.Exit(execute(os.Args[1:], os.Stdout, os.Stderr)) },
	})
}

// TestScripts runs the command line as users do; `exits N cmd` checks exit codes.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			taken, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				return err
			}
			env.Defer(func() { taken.Close() })
			env.Setenv("TAKEN", taken.Addr().String())
			cloud, err := emulators.New(emulators.Config{})
			if err != nil {
				return err
			}
			server := httptest.NewServer(cloud)
			env.Defer(server.Close)
			env.Setenv("CLOUD", server.URL)
			tapes, err := filepath.Abs("../../hardware/testdata")
			if err != nil {
				return err
			}
			env.Setenv("TAPES", tapes)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			// forge journal: another hash and version, as another Shakedown left it.
			"forge": func(ts *testscript.TestScript, _ bool, args []string) {
				path := ts.MkAbs(args[0])
				text := ts.ReadFile(path)
				text = regexp.MustCompile(`"hash":"[0-9a-f]*"`).ReplaceAllString(text, `"hash":"f0f0"`)
				text = regexp.MustCompile(`"shakedown":"[^"]*"`).ReplaceAllString(text, `"shakedown":"v0.0.9"`)
				ts.Check(os.WriteFile(path, []byte(text), 0o600))
			},
			"validates": func(ts *testscript.TestScript, _ bool, args []string) {
				ts.Check(validate(ts.ReadFile(args[0]), ts.ReadFile(args[1])))
			},
			"exits": func(ts *testscript.TestScript, _ bool, args []string) {
				if len(args) < 2 {
					ts.Fatalf("usage: exits code command…")
				}
				err := ts.Exec(args[1], args[2:]...)
				code := "0"
				if exit, ok := err.(interface{ ExitCode() int }); ok {
					code = string(rune('0' + exit.ExitCode()))
				} else if err != nil {
					ts.Fatalf("%v", err)
				}
				if code != args[0] {
					ts.Fatalf("exit code %s, not %s", code, args[0])
				}
			},
		},
	})
}

// validate holds a JSON document to a JSON Schema.
func validate(document, schema string) error {
	source, err := jsonschema.UnmarshalJSON(strings.NewReader(schema))
	if err != nil {
		return err
	}
	instance, err := jsonschema.UnmarshalJSON(strings.NewReader(document))
	if err != nil {
		return err
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("schema", source); err != nil {
		return err
	}
	compiled, err := compiler.Compile("schema")
	if err != nil {
		return err
	}
	return compiled.Validate(instance)
}
