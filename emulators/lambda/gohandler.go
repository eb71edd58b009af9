package lambda

import "github.com/aws/aws-lambda-go/lambda"

// GoHandler is the code of a function: Invoke(ctx, JSON) (JSON, error). It is
// the Handler of github.com/aws/aws-lambda-go/lambda, so what lambda.NewHandler
// makes of a Go function is one. (The name Handler is taken by the HTTP handler,
// as in every service package.)
//
// A handler must not change the payload. It should return when its context
// ends; see the package comment for one that does not.
type GoHandler = lambda.Handler
