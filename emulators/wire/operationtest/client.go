package operationtest

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"sync"

	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// operation calls one operation of a client with as little input as the client
// lets through.
type operation func(context.Context) error

// operationsOf finds the operations among a client's methods: those of the shape
// f(context.Context, *Input, ...func(*Options)) (*Output, error).
func operationsOf(client any) map[string]operation {
	found := map[string]operation{}
	v := reflect.ValueOf(client)
	for i := range v.NumMethod() {
		method := v.Method(i)
		if mt := method.Type(); !mt.IsVariadic() || mt.NumIn() != 3 || mt.NumOut() != 2 || mt.In(1).Kind() != reflect.Pointer {
			continue
		}
		found[v.Type().Method(i).Name] = func(ctx context.Context) error { return callWithLittle(ctx, method) }
	}
	return found
}

// callWithLittle calls past the client's own validation: with every plain member
// filled in, because some stand in a path; where the client itself refuses that, with
// empty structures and the first value of enumerations, because some are a body or say
// how it is hashed; and then with none.
func callWithLittle(ctx context.Context, method reflect.Value) error {
	plain := reflect.New(method.Type().In(1).Elem())
	for i := range plain.Elem().NumField() {
		fill(plain.Elem().Type().Field(i).Name, plain.Elem().Field(i))
	}
	structured := reflect.New(plain.Type().Elem())
	structured.Elem().Set(plain.Elem())
	for i := range structured.Elem().NumField() {
		field := structured.Elem().Field(i)
		if field.Kind() == reflect.Pointer && field.Type().Elem().Kind() == reflect.Struct && field.CanSet() {
			field.Set(reflect.New(field.Type().Elem()))
		}
		if values := field.MethodByName("Values"); field.Kind() == reflect.String && values.IsValid() {
			field.Set(values.Call(nil)[0].Index(0))
		}
	}
	var err error
	for _, in := range []reflect.Value{plain, structured, reflect.New(plain.Type().Elem())} {
		err = callMethod(ctx, method, in)
		if _, answered := errors.AsType[smithy.APIError](err); err == nil || answered {
			break
		}
	}
	return err
}

// callMethod calls past the client's own validation.
func callMethod(ctx context.Context, method, in reflect.Value) error {
	lenient := reflect.MakeFunc(method.Type().In(2).Elem(), func(args []reflect.Value) []reflect.Value {
		apis := args[0].Elem().FieldByName("APIOptions")
		apis.Set(reflect.Append(apis, reflect.ValueOf(withoutValidation)))
		return nil
	})
	results := method.Call([]reflect.Value{reflect.ValueOf(ctx), in, lenient})
	if err, _ := results[1].Interface().(error); err != nil {
		return err
	}
	return failed(results[0].Interface())
}

// fill gives a plain member a value.
func fill(name string, field reflect.Value) {
	text := "x"
	if strings.HasSuffix(strings.ToLower(name), "arn") {
		text = "arn:aws:service:us-east-1:000000000000:kind/x"
	}
	if strings.HasSuffix(name, "BucketOwner") {
		text = wire.DefaultAccount
	}
	switch field.Type() {
	case reflect.TypeFor[*string]():
		field.Set(reflect.ValueOf(&text))
	case reflect.TypeFor[*int64]():
		field.Set(reflect.ValueOf(new(int64(1))))
	case reflect.TypeFor[*int32]():
		field.Set(reflect.ValueOf(new(int32(1))))
	default:
		if field.Kind() == reflect.String {
			field.SetString(text)
		}
	}
}

func withoutValidation(stack *middleware.Stack) error {
	stack.Initialize.Remove("OperationInputValidation") // fails where nothing is validated
	return nil
}

// call is one that act made: in is the input's structure, and unknown the members in it
// that may have a value that does not exist.
type call struct {
	operation string
	in        reflect.Value
	err       error
	unknown   []string
}

// recorder notes what act calls.
type recorder struct {
	unknown func(ctx context.Context, operation string, in reflect.Value) []string // nil: not asked
	mu      sync.Mutex
	calls   []call
}

// succeeded are the operations that succeeded.
func (r *recorder) succeeded() map[string]bool {
	names := map[string]bool{}
	for _, c := range r.calls {
		names[c.operation] = names[c.operation] || c.err == nil
	}
	return names
}

// watch is an API option that notes each call.
func (r *recorder) watch(stack *middleware.Stack) error {
	return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("OperationTestRecorder",
		func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
			parameters := copied(reflect.ValueOf(in.Parameters).Elem()) // as it is now: a test may go on with it
			made := call{operation: middleware.GetOperationName(ctx), in: parameters}
			if r.unknown != nil {
				made.unknown = r.unknown(context.WithoutCancel(ctx), made.operation, parameters)
			}
			out, metadata, err := next.HandleInitialize(ctx, in)
			if made.err = err; err == nil {
				made.err = failed(out.Result)
			}
			r.mu.Lock()
			defer r.mu.Unlock()
			r.calls = append(r.calls, made)
			return out, metadata, err
		}), middleware.Before)
}
