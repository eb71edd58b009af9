// Package sql reads Timestream's SQL: from a text to a tree, and no further. It
// knows words and their places, not tables, types or values.
//
//	statement  = query | SHOW … | (DESCRIBE | DESC) table [;]
//	query      = [WITH name [(columns)] AS (query), …] body [ORDER BY …] [OFFSET n] [LIMIT n]
//	body       = SELECT … | VALUES … | (query) | body (UNION | INTERSECT | EXCEPT) [ALL | DISTINCT] body
//	from       = [database.]table | (query) | UNNEST(…) [WITH ORDINALITY] | from [type] JOIN from [ON … | USING (…)]
//	expression = OR, AND, NOT, then comparisons and predicates, + - ||, * / %, signs, ::type, [index] and .field, from loose to tight
//	call       = name([DISTINCT] expression | name -> expression | (name, …) -> expression, …) [FILTER (WHERE …)] [IGNORE NULLS] [OVER (…)]
//
// [Parse] answers a [Statement]. A [Node] is an expression as it was written: its Op
// says what it is, At where it began. That position outlives the text: whoever types
// or runs the tree refuses it by [Token.Fail], a ValidationException with line and
// column.
//
// Refused by name: UNLOAD, EXPLAIN, WITH RECURSIVE, grouping sets, NATURAL and LATERAL
// joins, TABLESAMPLE, WITHIN GROUP, ORDER BY within an aggregate,
// frames of GROUPS. What else is not of the grammar is refused where it stands.
// A text is bounded by its bytes (256 KB, as in AWS), its tokens and its nesting.
package sql
