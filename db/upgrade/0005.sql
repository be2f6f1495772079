-- SPDX-License-Identifier: ISC
-- 0005.sql: reports name everybody who is on a list, also those who never came.
CREATE VIEW private_name AS SELECT id AS person_id, name, folded FROM person WHERE folded >= '!';
