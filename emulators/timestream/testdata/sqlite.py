#!/usr/bin/env python3
"""Prints sqlite.txt: queries in the dialect that Timestream and SQLite share, each
with the rows that SQLite answers. Run it after adding a query:

    python3 sqlite.py >sqlite.txt
"""
import sqlite3

WITH = """WITH d(id, site, n) AS (VALUES ('a', 'north', 1), ('b', 'north', 2), ('c', 'south', 3), ('d', NULL, 4)),
 m(id, t, v) AS (VALUES ('a', 1, 10.5), ('a', 2, 11.5), ('a', 3, NULL), ('b', 1, 20.0), ('b', 2, 18.0), ('c', 1, 5.0), ('x', 1, 1.0), (NULL, 9, 2.0))
"""

QUERIES = """
SELECT d.id, m.t FROM d JOIN m ON d.id = m.id ORDER BY d.id, m.t
SELECT d.id, m.t, m.v FROM d LEFT JOIN m ON d.id = m.id ORDER BY d.id, m.t
SELECT d.id, m.id, m.t FROM d RIGHT JOIN m ON d.id = m.id ORDER BY d.id NULLS LAST, m.id NULLS LAST, m.t
SELECT d.id, m.id, m.t FROM d FULL JOIN m ON d.id = m.id ORDER BY d.id NULLS LAST, m.id NULLS LAST, m.t NULLS LAST
SELECT d.id, m.t FROM d LEFT JOIN m ON d.id = m.id AND m.v > 11 ORDER BY d.id, m.t NULLS FIRST
SELECT d.id, m.t FROM d LEFT JOIN m ON d.id = m.id WHERE m.v > 11 ORDER BY d.id, m.t
SELECT count(*) FROM d CROSS JOIN m
SELECT count(*) FROM d, m WHERE d.id = m.id
SELECT a.id, b.id FROM d a JOIN d b ON a.n < b.n ORDER BY a.id, b.id
SELECT a.id, b.id FROM d a LEFT JOIN d b ON a.site = b.site AND a.id <> b.id ORDER BY a.id
SELECT id, t FROM d JOIN m USING (id) ORDER BY id, t
SELECT id, site, t FROM d FULL JOIN m USING (id) ORDER BY id NULLS FIRST, t NULLS FIRST
SELECT a.id, b.id, c.id FROM d a JOIN d b ON b.n = a.n + 1 JOIN d c ON c.n = b.n + 1 ORDER BY 1
SELECT site, count(*), sum(n), min(id), max(id) FROM d GROUP BY site ORDER BY site NULLS LAST
SELECT site, count(*) FROM d GROUP BY site HAVING count(*) > 1
SELECT count(v), count(*), sum(v), avg(v) FROM m
SELECT count(DISTINCT id), count(DISTINCT t) FROM m
SELECT id, sum(v) FILTER (WHERE t > 1), count(*) FILTER (WHERE v IS NULL), count(DISTINCT t) FILTER (WHERE v > 5) FROM m GROUP BY id ORDER BY id NULLS LAST
SELECT count(*) FILTER (WHERE v > 10), count(*) FILTER (WHERE v > 11), count(*) FROM m
SELECT id, t, sum(v) FILTER (WHERE t <> 2) OVER (PARTITION BY id ORDER BY t) FROM m ORDER BY id NULLS LAST, t
SELECT id, n, sum(n) OVER (ORDER BY n RANGE 1 PRECEDING), sum(n) OVER (ORDER BY n RANGE BETWEEN 1 FOLLOWING AND 2 FOLLOWING) FROM d ORDER BY n
SELECT id, n, sum(n) OVER (ORDER BY n DESC RANGE BETWEEN 2 PRECEDING AND 1 PRECEDING), count(*) OVER (ORDER BY n DESC RANGE BETWEEN CURRENT ROW AND 1 FOLLOWING) FROM d ORDER BY n
SELECT id, t, v, count(*) OVER (ORDER BY v NULLS FIRST RANGE BETWEEN 1.5 PRECEDING AND 1.5 FOLLOWING) FROM m ORDER BY v NULLS FIRST, id NULLS LAST
SELECT id, t, v, count(*) OVER (ORDER BY v DESC NULLS LAST RANGE BETWEEN UNBOUNDED PRECEDING AND 2 PRECEDING) FROM m ORDER BY v DESC NULLS LAST, id NULLS LAST
SELECT id, t, v, first_value(v) OVER (ORDER BY v NULLS FIRST RANGE BETWEEN 2 PRECEDING AND 1 PRECEDING), nth_value(id, 2) OVER (ORDER BY v NULLS FIRST RANGE 9 PRECEDING) FROM m ORDER BY v NULLS FIRST, id NULLS LAST
SELECT sum(v), count(*) FROM m WHERE t > 100
SELECT id, count(*) FROM m WHERE t > 100 GROUP BY id
SELECT id, sum(v) AS total FROM m GROUP BY id ORDER BY total DESC NULLS LAST, id NULLS LAST
SELECT id FROM m GROUP BY id ORDER BY count(*) DESC, id NULLS LAST
SELECT t % 2, count(*) FROM m GROUP BY t % 2 ORDER BY 1
SELECT t % 2 + 1, max(v) FROM m GROUP BY t % 2 ORDER BY t % 2
SELECT DISTINCT site FROM d ORDER BY site NULLS LAST
SELECT DISTINCT id, t > 1 AND 1 = 0 FROM m WHERE 1 = 0
SELECT id FROM d ORDER BY site DESC NULLS LAST, n DESC
SELECT id FROM d ORDER BY site NULLS FIRST, n LIMIT 2
SELECT id FROM d UNION SELECT id FROM m ORDER BY 1 NULLS FIRST
SELECT id FROM d UNION ALL SELECT id FROM d ORDER BY id
SELECT id FROM d INTERSECT SELECT id FROM m ORDER BY id
SELECT id FROM m EXCEPT SELECT id FROM d ORDER BY id NULLS FIRST
SELECT id FROM d WHERE id IN (SELECT id FROM m) ORDER BY id
SELECT id FROM d WHERE id NOT IN (SELECT id FROM m) ORDER BY id
SELECT id FROM d WHERE id NOT IN (SELECT id FROM m WHERE id IS NOT NULL) ORDER BY id
SELECT id FROM d WHERE site NOT IN ('north') ORDER BY id
SELECT id FROM d WHERE site IN ('north', NULL) ORDER BY id
SELECT id FROM d WHERE site NOT IN ('south', NULL) ORDER BY id
SELECT id FROM d WHERE EXISTS (SELECT 1 FROM m WHERE m.id = d.id AND m.v > 15) ORDER BY id
SELECT id FROM d WHERE NOT EXISTS (SELECT 1 FROM m WHERE m.id = d.id) ORDER BY id
SELECT id, (SELECT max(v) FROM m WHERE m.id = d.id) FROM d ORDER BY id
SELECT id, (SELECT count(*) FROM m WHERE m.id = d.id AND m.t <= d.n) FROM d ORDER BY id
SELECT id FROM m WHERE v > (SELECT avg(v) FROM m) ORDER BY t, id
SELECT id FROM d WHERE n = (SELECT max(n) FROM d e WHERE e.site = d.site) ORDER BY id
SELECT s.site, s.c FROM (SELECT site, count(*) AS c FROM d GROUP BY site) AS s WHERE s.c > 1
SELECT max(c) FROM (SELECT id, count(*) AS c FROM m GROUP BY id) x
SELECT id, n, row_number() OVER (ORDER BY n DESC) FROM d ORDER BY id
SELECT id, t, row_number() OVER (PARTITION BY id ORDER BY t DESC) FROM m ORDER BY id NULLS LAST, t
SELECT id, t, rank() OVER (ORDER BY t), dense_rank() OVER (ORDER BY t) FROM m ORDER BY t, id NULLS LAST
SELECT id, percent_rank() OVER (ORDER BY t), cume_dist() OVER (ORDER BY t) FROM m ORDER BY t, id NULLS LAST
SELECT n, ntile(3) OVER (ORDER BY n) FROM d ORDER BY n
SELECT id, t, lag(v) OVER (PARTITION BY id ORDER BY t), lead(v) OVER (PARTITION BY id ORDER BY t) FROM m ORDER BY id NULLS LAST, t
SELECT id, t, lag(t, 2, -1) OVER (ORDER BY t, id NULLS LAST) FROM m ORDER BY t, id NULLS LAST
SELECT id, t, first_value(v) OVER (PARTITION BY id ORDER BY t), last_value(v) OVER (PARTITION BY id ORDER BY t) FROM m ORDER BY id NULLS LAST, t
SELECT id, t, last_value(t) OVER (PARTITION BY id ORDER BY t ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM m ORDER BY id NULLS LAST, t
SELECT id, t, nth_value(t, 2) OVER (PARTITION BY id ORDER BY t) FROM m ORDER BY id NULLS LAST, t
SELECT n, sum(n) OVER (ORDER BY n) FROM d ORDER BY n
SELECT n, sum(n) OVER () FROM d ORDER BY n
SELECT id, t, sum(t) OVER (ORDER BY t) FROM m ORDER BY t, id NULLS LAST
SELECT n, sum(n) OVER (ORDER BY n ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM d ORDER BY n
SELECT n, sum(n) OVER (ORDER BY n ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING) FROM d ORDER BY n
SELECT n, count(*) OVER (ORDER BY n ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) FROM d ORDER BY n
SELECT n, avg(n) OVER (ORDER BY n DESC ROWS 2 PRECEDING) FROM d ORDER BY n
SELECT id, t, max(t) OVER (ORDER BY t RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) FROM m ORDER BY t, id NULLS LAST
SELECT site, count(*), sum(count(*)) OVER (ORDER BY site NULLS LAST) FROM d GROUP BY site ORDER BY site NULLS LAST
SELECT site, rank() OVER (ORDER BY sum(n) DESC) FROM d GROUP BY site ORDER BY 2, 1 NULLS LAST
SELECT id FROM (SELECT id, t, row_number() OVER (PARTITION BY id ORDER BY t DESC) AS r FROM m WHERE id IS NOT NULL) x WHERE r = 1 AND t > 1 ORDER BY id
SELECT id, CASE WHEN n > 3 THEN 'big' WHEN n > 1 THEN 'mid' ELSE 'small' END FROM d ORDER BY id
SELECT id, CASE site WHEN 'north' THEN 1 WHEN 'south' THEN 2 END FROM d ORDER BY id
SELECT sum(CASE WHEN site = 'north' THEN n ELSE 0 END) FROM d
SELECT id FROM d WHERE site = 'north' OR n > 3 AND NOT id = 'd' ORDER BY id
SELECT id FROM d WHERE NOT (site = 'north') ORDER BY id
SELECT id FROM d WHERE site IS NULL
SELECT id FROM d WHERE site IS NOT NULL AND n BETWEEN 2 AND 3 ORDER BY id
SELECT id FROM d WHERE n NOT BETWEEN 2 AND 3 ORDER BY id
SELECT id FROM d WHERE site LIKE 'n%h' ORDER BY id
SELECT id FROM d WHERE site NOT LIKE '_o%th' ORDER BY id
SELECT 'a%c' LIKE 'a!%c' ESCAPE '!' AND 'abc' NOT LIKE 'a!%c' ESCAPE '!' AND 1 = 2 FROM d WHERE 1 = 0
SELECT coalesce(site, 'none'), nullif(n, 2) FROM d ORDER BY id
SELECT a.id FROM d a WHERE a.site IS NOT DISTINCT FROM (SELECT site FROM d WHERE id = 'd') ORDER BY 1
SELECT a.id FROM d a WHERE a.site IS DISTINCT FROM 'north' ORDER BY 1
SELECT -7 / 2, -7 % 2, 7 / 2, 7 % 2, 7 / 2.0
SELECT 2 + 3 * 4 - 1, (2 + 3) * 4, -(-3)
SELECT 'a' || 'b' || upper('c'), length('abc'), replace('abab', 'b', 'x')
SELECT substr('abcdef', 2, 3), trim('  x '), lower('ABC')
SELECT abs(-5), round(2.567, 2), round(2.5), sign(-3)
SELECT * FROM (VALUES (1, 'x'), (2, 'y')) ORDER BY 1 DESC
SELECT id, n FROM d ORDER BY n DESC LIMIT 2 OFFSET 1
SELECT (SELECT count(*) FROM m) - (SELECT count(*) FROM d)
""".strip().split("\n")


def show(v):
    return "NULL" if v is None else str(v)


def main():
    db = sqlite3.connect(":memory:")
    print("# Made by sqlite.py with SQLite %s: a query, its rows (columns separated by |), an empty line.\n" % sqlite3.sqlite_version)
    for line in WITH.strip().split("\n"):
        print("with " + line)
    print()
    for q in QUERIES:
        if q.count(" OFFSET "):
            run = q
            q = q.replace("LIMIT 2 OFFSET 1", "OFFSET 1 LIMIT 2")
        else:
            run = q
        print(q)
        for row in db.execute(WITH + run):
            print("= " + "|".join(show(v) for v in row))
        print()


main()
