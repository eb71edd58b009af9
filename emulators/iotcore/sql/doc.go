// Package sql is the rules engine's SQL, versions 2016-03-23 and 2015-10-08: parser,
// evaluator, functions and substitution templates. It is pure: what a statement sees
// is in the [Message], and what it asks other services for goes through its Fetcher.
//
//	[SET @name = expr, …] SELECT * | VALUE expr | item, … [FROM 'filter'] [WHERE expr]
//	item: * | * AS name | expr AS name[.name…] | path   (a path is named by its last part)
//
// Expressions: literals, {…} and […], paths, variables, functions, CASE v WHEN … END,
// (SELECT … FROM expr [AS name] [WHERE expr]), EXISTS (SELECT …), + - * / %,
// = <> < <= > >=, IN, AND OR NOT. The types are Int, Decimal (34 digits), Boolean,
// String, Array, Object, Null and Undefined; what cannot be computed is Undefined,
// which fires no rule and is dropped inside objects.
//
// SET is evaluated first, then WHERE, then SELECT. A nested SELECT sees its element
// and the variables, nothing else of the payload: AWS does not say. In version
// 2015-10-08 10.0 stays a Decimal, and literals {…} and […], nested SELECT, the functions
// of newFunctions, cast to Decimal or Boolean, and SELECT VALUE of what is an Array, are
// errors that name the version they need. A statement without
// FROM is for Basic Ingest.
//
// aws_lambda, get_dynamodb, get_registry_data and get_thing_shadow are asked of the
// Fetcher. What AWS allows once (get_dynamodb, get_registry_data) is an error here
// when it is there twice; on AWS the rule ends when it fires.
//
// Refused by name: bitnot, get_secret, machinelearning_predict, decode with 'proto',
// SELECT VALUE *, a column that is neither a path nor has a name, and what only Java's
// regular expressions and time patterns have; a function that AWS does not have is
// unknown.
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
