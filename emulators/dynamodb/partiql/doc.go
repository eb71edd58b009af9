// Package partiql reads the statements of PartiQL for DynamoDB: SELECT, INSERT,
// UPDATE and DELETE over one table. It knows nothing of tables: what a statement
// does is for its reader.
//
//	SELECT * | name, …  FROM "table"[."index"] [WHERE …] [ORDER BY name [ASC|DESC], …]
//	INSERT INTO "table" VALUE {'name': value, …}
//	UPDATE "table" (SET path = value | REMOVE path) … WHERE … [RETURNING ALL|MODIFIED OLD|NEW *]
//	DELETE FROM "table" WHERE … [RETURNING ALL OLD *]
//	EXISTS(SELECT …)
//
// Parameters (?) are put in while a statement is read. Not there, and refused by
// name: elements of lists in SELECT, EXISTS within a condition, aggregates, arithmetic in WHERE.
//
// See https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.html
package partiql
