package emulators

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// unread are the members of inputs that an operation has and nobody looks at, with why.
var unread = map[string]string{
	"firehose.DeleteDeliveryStreamInput.AllowForceDelete": "is about keys of KMS, which no stream has",
	"logs.FilterLogEventsInput.Interleaved":               "AWS ignores it: events are interleaved always",
	"logs.FilterLogEventsInput.Unmask":                    "is about data protection policies, which no group has",
	"logs.GetLogEventsInput.Unmask":                       "is about data protection policies, which no group has",
	"logs.PutLogEventsInput.SequenceToken":                "AWS ignores it",
	"registry.UpdateGroupsForThingInput.Override":         "is about dynamic groups, of which there are none",
}

// TestEachMemberOfAnInputIsRead: what an operation's input declares, here or in what it
// holds, the code looks at somewhere, so that nothing is accepted and forgotten;
// operationtest.Fields cannot tell. S3, whose inputs are headers, is not looked at.
func TestEachMemberOfAnInputIsRead(t *testing.T) {
	code := reading{fset: token.NewFileSet(), own: map[string]*types.Package{}, read: map[types.Object]bool{}}
	code.load(t)
	require.Greater(t, len(code.inputs), 300, "operations")
	found := map[string]bool{}
	seen := map[types.Type]bool{}
	for _, input := range code.inputs {
		code.walk(input, seen, found)
	}
	require.Equal(t, slices.Sorted(maps.Keys(unread)), slices.Sorted(maps.Keys(found)))
}

// reading is the code of the emulators, and which fields it reads.
type reading struct {
	fset   *token.FileSet
	own    map[string]*types.Package
	others types.Importer
	read   map[types.Object]bool
	inputs []types.Type
}

// Import implements types.Importer: what was checked here is not read from its compiled form.
func (r *reading) Import(path string) (*types.Package, error) {
	if p := r.own[path]; p != nil {
		return p, nil
	}
	return r.others.Import(path)
}

// load reads all packages, those that others import first.
func (r *reading) load(t *testing.T) {
	out, err := exec.Command("go", "list", "-export", "-deps", "-json=ImportPath,Export,Dir,GoFiles,Standard", "./...").Output()
	require.NoError(t, err)
	compiled := map[string]string{}
	r.others = importer.ForCompiler(r.fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(compiled[path]) })
	for packages := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct {
			ImportPath, Export, Dir string
			GoFiles                 []string
		}
		if err := packages.Decode(&p); errors.Is(err, io.EOF) {
			return
		}
		require.NotEmpty(t, p.ImportPath)
		compiled[p.ImportPath] = p.Export
		if strings.HasPrefix(p.ImportPath, "github.com/shakedown-iot/shakedown/") {
			r.check(t, p.ImportPath, p.Dir, p.GoFiles)
		}
	}
}

// check reads one package.
func (r *reading) check(t *testing.T, path, dir string, names []string) {
	var files []*ast.File
	for _, name := range names {
		file, err := parser.ParseFile(r.fset, filepath.Join(dir, name), nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		files = append(files, file)
	}
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}, Types: map[ast.Expr]types.TypeAndValue{}}
	config := types.Config{Importer: r}
	checked, err := config.Check(path, r.fset, files, info)
	require.NoError(t, err)
	r.own[path] = checked
	written := map[*ast.Ident]bool{}
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			r.note(n, info, written)
			return true
		})
	}
	for name, object := range info.Uses {
		if v, ok := object.(*types.Var); ok && v.IsField() && !written[name] {
			r.read[v] = true
		}
	}
}

// note tells fields that are set from those that are read, and finds the operations.
func (r *reading) note(n ast.Node, info *types.Info, written map[*ast.Ident]bool) {
	switch n := n.(type) {
	case *ast.AssignStmt:
		for _, to := range n.Lhs {
			if field, ok := to.(*ast.SelectorExpr); ok && n.Tok == token.ASSIGN {
				written[field.Sel] = true
			}
		}
	case *ast.KeyValueExpr:
		if field, ok := n.Key.(*ast.Ident); ok {
			written[field] = true
		}
	case *ast.CallExpr:
		for _, argument := range n.Args {
			r.argument(info.Types[n.Fun], info.Types[argument].Type)
		}
	}
}

// argument is what a call has: of a conversion of a structure all fields are read, and a
// function of a context and a structure is an operation.
func (r *reading) argument(of types.TypeAndValue, argument types.Type) {
	if argument == nil {
		return
	}
	if s, ok := argument.Underlying().(*types.Struct); ok && of.IsType() {
		for i := range s.NumFields() {
			r.read[s.Field(i)] = true
		}
	}
	if f, ok := argument.(*types.Signature); ok && f.Params().Len() == 2 && f.Results().Len() == 2 && f.Params().At(0).Type().String() == "context.Context" {
		r.inputs = append(r.inputs, f.Params().At(1).Type())
	}
}

// walk finds the fields of a type, and of what it holds, that nobody reads.
func (r *reading) walk(t types.Type, seen map[types.Type]bool, found map[string]bool) {
	switch of := types.Unalias(t).(type) {
	case interface{ Elem() types.Type }:
		r.walk(of.Elem(), seen, found)
	case *types.Named:
		s, ok := of.Underlying().(*types.Struct)
		if !ok || seen[of] || of.Obj().Pkg() == nil || r.own[of.Obj().Pkg().Path()] == nil {
			return
		}
		seen[of] = true
		for i := range s.NumFields() {
			f := s.Field(i)
			if f.Exported() && !f.Embedded() && !r.read[f] {
				found[of.Obj().Pkg().Name()+"."+of.Obj().Name()+"."+f.Name()] = true
			}
			if f.Exported() {
				r.walk(f.Type(), seen, found)
			}
		}
	}
}
