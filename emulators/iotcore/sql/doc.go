// Package sql is the rules engine's SQL, version 2016-03-23: parser, evaluator,
// functions and substitution templates. It is pure: what a statement sees is in
// the [Message].
//
//	SELECT * | VALUE expr | item, … FROM 'filter' [WHERE expr]
//	item: * | * AS name | expr AS name[.name…] | path   (a path is named by its last part)
//
// Expressions: literals, {…} and […], paths, functions, CASE v WHEN … END,
// + - * / %, = <> < <= > >=, IN, AND OR NOT. The types are Int, Decimal (34
// digits), Boolean, String, Array, Object, Null and Undefined; what cannot be
// computed is Undefined, which fires no rule and is dropped inside objects.
//
// Nested SELECT, EXISTS and SET are refused by name, and so is each function of
// AWS's list that is not here, decode with 'proto', and what only Java's regular
// expressions and time patterns have; a function that AWS does not have is unknown.
//
// SELECT * alone passes the payload byte for byte without decoding it, JSON or
// not, and no statement decodes a payload of which it uses no member. On a payload
// that is not JSON a path is an error that ends the rule.
//
// What one evaluation makes is bounded (maxMade, maxOutput): beyond it is an error
// that says so.
//
// Sources: AWS.md §2 and iot-sql-functions.md, which cite the developer guide;
// "page Functions", "page Operators" and "page Data types" are
// https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-functions.html,
// https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-operators.html and
// https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-data-types.html
package sql
