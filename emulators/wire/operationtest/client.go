package operationtest

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"sync"

	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
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
// filled in, because some stand in a path, and where the client itself refuses
// that, with none.
func callWithLittle(ctx context.Context, method reflect.Value) error {
	in := reflect.New(method.Type().In(1).Elem())
	for i := range in.Elem().NumField() {
		fill(in.Elem().Type().Field(i).Name, in.Elem().Field(i))
	}
	err := call(ctx, method, in)
	if _, answered := errors.AsType[smithy.APIError](err); err != nil && !answered {
		return call(ctx, method, reflect.New(method.Type().In(1).Elem()))
	}
	return err
}

func call(ctx context.Context, method, in reflect.Value) error {
	lenient := reflect.MakeFunc(method.Type().In(2).Elem(), func(args []reflect.Value) []reflect.Value {
		apis := args[0].Elem().FieldByName("APIOptions")
		apis.Set(reflect.Append(apis, reflect.ValueOf(withoutValidation)))
		return nil
	})
	err, _ := method.Call([]reflect.Value{reflect.ValueOf(ctx), in, lenient})[1].Interface().(error)
	return err
}

// fill gives a plain member a value.
func fill(name string, field reflect.Value) {
	text := "x"
	if strings.HasSuffix(strings.ToLower(name), "arn") {
		text = "arn:aws:service:us-east-1:000000000000:kind/x"
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

// recorder notes which operations succeeded.
type recorder struct {
	mu        sync.Mutex
	succeeded map[string]bool
}

// watch is an API option that notes what succeeds.
func (r *recorder) watch(stack *middleware.Stack) error {
	return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("OperationTestRecorder",
		func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
			out, metadata, err := next.HandleInitialize(ctx, in)
			if err == nil {
				r.mu.Lock()
				r.succeeded[middleware.GetOperationName(ctx)] = true
				r.mu.Unlock()
			}
			return out, metadata, err
		}), middleware.Before)
}
