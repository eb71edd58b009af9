// Package expression reads and evaluates the expressions of DynamoDB:
//
//	condition, filter   a = :v AND (attribute_not_exists(b) OR size(c[0].d) IN (:x, :y))
//	key condition       pk = :pk AND begins_with(sk, :prefix)
//	update              SET a.b = if_not_exists(a.b, :zero) + :one REMOVE c[1] ADD n :n DELETE s :s
//	projection          a, b.c[0], #name
//
// An expression is parsed once (a Cache keeps the syntax trees), then bound to
// the names and values of a request, which finds undefined and unused
// placeholders, wrong operand types and overlapping paths, and then evaluated
// against items.
//
// Errors are ValidationExceptions in the words of the service, as far as known.
// See https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html
package expression
