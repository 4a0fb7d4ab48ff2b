/** The tables that the captured statements read. Figures come from a hash, not from random(), which changed in 15. */
export const schema = `
CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL, country text NOT NULL, active boolean NOT NULL);
INSERT INTO customers SELECT i, 'Customer ' || i, (ARRAY['AT','BE','CH','DE','ES','FR'])[1 + abs(hashint8extended(i, 1)) % 6], i % 7 > 0
  FROM generate_series(1, 2000) i;
CREATE TABLE orders (id int PRIMARY KEY, customer_id int NOT NULL, status text NOT NULL, total numeric(10,2) NOT NULL, created date NOT NULL);
INSERT INTO orders SELECT i, 1 + abs(hashint8extended(i, 2)) % 2000, (ARRAY['new','paid','sent','done','done','done'])[1 + abs(hashint8extended(i, 3)) % 6],
  (abs(hashint8extended(i, 4)) % 100000) / 100.0, date '2024-01-01' + (i / 100)
  FROM generate_series(1, 40000) i;
CREATE INDEX orders_customer_id_idx ON orders (customer_id);
CREATE INDEX orders_status_idx ON orders (status);
CREATE INDEX orders_created_idx ON orders (created);
CREATE TABLE lines (order_id int NOT NULL, line int NOT NULL, product int NOT NULL, quantity int NOT NULL, PRIMARY KEY (order_id, line));
INSERT INTO lines SELECT o, l, 1 + abs(hashint8extended(o * 10 + l, 5)) % 500, 1 + abs(hashint8extended(o * 10 + l, 6)) % 9
  FROM generate_series(1, 40000) o, generate_series(1, 2) l;
CREATE TABLE keys (k int NOT NULL);
INSERT INTO keys SELECT i / 10 FROM generate_series(0, 4999) i;
CREATE TABLE nobody (id int);
CREATE TABLE tree (id int PRIMARY KEY, parent int);
INSERT INTO tree SELECT i, i / 3 FROM generate_series(1, 1000) i;
CREATE TABLE measurements (id int NOT NULL, day date NOT NULL, value int NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE measurements_q1 PARTITION OF measurements FOR VALUES FROM ('2024-01-01') TO ('2024-04-01');
CREATE TABLE measurements_q2 PARTITION OF measurements FOR VALUES FROM ('2024-04-01') TO ('2024-07-01');
CREATE TABLE measurements_q3 PARTITION OF measurements FOR VALUES FROM ('2024-07-01') TO ('2024-10-01');
INSERT INTO measurements SELECT i, date '2024-01-01' + i % 270, i % 100 FROM generate_series(1, 9000) i;
CREATE INDEX ON measurements (day);
CREATE TABLE stock (product int PRIMARY KEY, quantity int NOT NULL);
INSERT INTO stock SELECT i, 100 FROM generate_series(1, 300) i;
CREATE TABLE reservations (id int PRIMARY KEY, product int REFERENCES stock);
`;

/** Beside them, for the plans that the course does not have: names that need quoting, large rows, other kinds of index. */
export const moreSchema = String.raw`
CREATE TABLE wide (id int NOT NULL, k int NOT NULL, filler text NOT NULL);
ALTER TABLE wide ALTER filler SET STORAGE PLAIN;
INSERT INTO wide SELECT i, abs(hashint8extended(i, 7)) % 50, repeat('x', 1800) FROM generate_series(1, 6000) i;
CREATE INDEX wide_k_idx ON wide (k);
CREATE SCHEMA "Shop -> <b>&amp; 'x'";
CREATE TABLE "Shop -> <b>&amp; 'x'"."Seq Scan on ""t""  (cost=1.00..2.00 rows=3 width=4)" (
  "a b" int PRIMARY KEY, "ключ: значение" text, "<i>" text, "true" boolean);
INSERT INTO "Shop -> <b>&amp; 'x'"."Seq Scan on ""t""  (cost=1.00..2.00 rows=3 width=4)"
  SELECT i, 'wörter ' || i, '<' || i || '>', i % 2 = 0 FROM generate_series(1, 200) i;
CREATE INDEX "idx, ""quoted"" on x" ON "Shop -> <b>&amp; 'x'"."Seq Scan on ""t""  (cost=1.00..2.00 rows=3 width=4)" ("<i>");
CREATE TABLE "42" ("1" int, "null" int);
INSERT INTO "42" SELECT i, i % 10 FROM generate_series(1, 100) i;
CREATE TABLE "表 🐘" (x int);
INSERT INTO "表 🐘" SELECT generate_series(1, 50);
CREATE TABLE points (id int PRIMARY KEY, p point NOT NULL, tags int[] NOT NULL, day int NOT NULL);
INSERT INTO points SELECT i, point(i % 97, i % 89), ARRAY[i % 7, i % 11, i % 13], i / 50 FROM generate_series(1, 5000) i;
CREATE INDEX points_p_idx ON points USING gist (p);
CREATE INDEX points_tags_idx ON points USING gin (tags);
CREATE INDEX points_day_idx ON points USING brin (day) WITH (pages_per_range = 4);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.quantity := NEW.quantity + 1; RETURN NEW; END';
CREATE TABLE audited (id int PRIMARY KEY, quantity int NOT NULL);
INSERT INTO audited SELECT i, i FROM generate_series(1, 100) i;
CREATE TRIGGER "touch it: now" BEFORE UPDATE ON audited FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TABLE parents (id int PRIMARY KEY);
CREATE TABLE children (id int PRIMARY KEY, parent int REFERENCES parents ON DELETE CASCADE);
INSERT INTO parents SELECT generate_series(1, 50);
INSERT INTO children SELECT i, 1 + i % 50 FROM generate_series(1, 500) i;
CREATE FUNCTION volatile_two(n int) RETURNS SETOF int LANGUAGE plpgsql AS 'BEGIN RETURN QUERY SELECT n UNION ALL SELECT n + 1; END';
`;

/** Tables of "another" server, which is this one: plans of postgres_fdw and file_fdw. */
export const foreignSchema = ({ socket, port, file }) => `
CREATE EXTENSION postgres_fdw;
CREATE EXTENSION file_fdw;
CREATE SERVER loopback FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '${socket}', port '${port}', dbname 'postgres', async_capable 'true');
CREATE USER MAPPING FOR postgres SERVER loopback OPTIONS (user 'postgres');
CREATE FOREIGN TABLE far_orders (id int, customer_id int, status text, total numeric(10,2), created date)
  SERVER loopback OPTIONS (table_name 'orders');
CREATE FOREIGN TABLE far_customers (id int, name text, country text, active boolean) SERVER loopback OPTIONS (table_name 'customers');
CREATE FOREIGN TABLE far_stock (product int, quantity int) SERVER loopback OPTIONS (table_name 'stock');
CREATE TABLE regions (k int, v int) PARTITION BY LIST (k);
CREATE TABLE region_1 (k int, v int);
CREATE TABLE region_2 (k int, v int);
INSERT INTO region_1 SELECT 1, i FROM generate_series(1, 300) i;
INSERT INTO region_2 SELECT 2, i FROM generate_series(1, 300) i;
CREATE FOREIGN TABLE far_region_1 PARTITION OF regions FOR VALUES IN (1) SERVER loopback OPTIONS (table_name 'region_1');
CREATE FOREIGN TABLE far_region_2 PARTITION OF regions FOR VALUES IN (2) SERVER loopback OPTIONS (table_name 'region_2');
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
CREATE FOREIGN TABLE cities (name text, people int) SERVER files OPTIONS (filename '${file}', format 'csv');
`;
