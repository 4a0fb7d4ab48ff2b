-- The data set "shop": a mail-order shop on the morning of 1 January 2026 (all times UTC).
--
--   customers    20,000   who can order: name, email, city, country
--   products      2,000   what can be ordered: name, category, department, price
--   orders      200,000   2023-01-01 to 2025-12-31: customer, status, channel, time, total
--   order_items 410,000   the lines of the orders: product, quantity, unit price
--   events      200,000   what visitors did in 2025: page views, searches, newsletters …
--
-- Real tables are neither uniform nor independent, and the planner's guesses fail where it assumes they are. So:
--
--   skewed      A few customers place most orders (one alone about 7,600, many three or none), a few
--               products sell most, a few cities hold most customers; most events are page views.
--   correlated  orders.id and events.id grow with created_at, so neighbours in time are neighbours on
--     in space  disk. order_items lie in the order of their orders.
--   correlated  customers.city determines country; products.category determines department.
--     columns   orders.status depends on age: only the last days' orders are still on their way.
--   absent      orders.shipped_at before shipping, customers.phone, events.customer_id of anonymous visitors,
--               events.product_id where no product is meant. Products 1901 to 2000 are announced, not yet sold.
--   not there   Foreign keys have no index of their own: orders.customer_id, order_items.product_id,
--               events.customer_id, events.product_id. Nor has orders.created_at.
--
-- The rows are the same on every server and in every version: each value comes from a hash of its row's number
-- and a seed, never from random() or now(), and from arithmetic that IEEE 754 defines exactly.
--
-- The numbers below are psql's variables; the first products are sold, the others announced. Another seed gives another
-- shop with the same properties. 797 must be prime to sold and products, 7919 to customers. Queries can be checked on a
-- small shop as well, which is never shown:
--
-- variant seed=314159 customers=200 products=240 sold=228 orders=1200 events=3000

\set seed 20260101
\set customers 20000
\set products 2000
\set sold 1900
\set orders 200000
\set events 200000

SET TimeZone = 'UTC';
SET client_min_messages = warning;

-- A whole number from 0 to below `range`, the same for the same row and column. (The mask keeps 52 bits, which a
-- double holds exactly. The body stands outside of quotes, where psql puts in the seed.)
CREATE FUNCTION shop_pick(row_number bigint, column_number int, range bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (hashint8extended(row_number, :seed + column_number) & 4503599627370495) % range;

-- The same as a fraction: 0 ≤ share < 1. Its square and cube are the skewed distributions below.
CREATE FUNCTION shop_share(row_number bigint, column_number int) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT shop_pick(row_number, column_number, 4503599627370496)::double precision / 4503599627370496::double precision
$$;

-- customers -----------------------------------------------------------------------------------------------

CREATE TABLE customers (
  id         integer PRIMARY KEY,
  name       text NOT NULL,
  email      text NOT NULL,
  city       text NOT NULL,
  country    text NOT NULL,
  phone      text,
  newsletter boolean NOT NULL,
  created_at timestamptz NOT NULL
);
COMMENT ON TABLE customers IS 'Who can order. A city lies in one country only.';

INSERT INTO customers (id, name, email, city, country, phone, newsletter, created_at)
SELECT n,
       first || ' ' || last,
       lower(first || '.' || last) || n || (ARRAY['@example.com', '@example.org', '@example.net'])[1 + shop_pick(n, 3, 3)],
       split_part(place, ',', 1),
       split_part(place, ',', 2),
       CASE WHEN shop_pick(n, 4, 100) < 60
            THEN '+' || (31 + shop_pick(n, 5, 18)) || ' ' || (100000000 + shop_pick(n, 6, 899999999)) END,
       shop_pick(n, 7, 100) < 35,
       timestamptz '2020-01-01 00:00+00' + interval '1 second' * (n * 4700 + shop_pick(n, 8, 4000))
FROM (
  SELECT n,
         (ARRAY['Anna','Ben','Carla','David','Elif','Farid','Greta','Hugo','Ines','Jonas','Kaori','Lena','Mateo','Nadia',
                'Oscar','Priya','Quentin','Rosa','Samir','Tessa','Ugo','Vera','Wout','Ximena','Yusuf','Zoe','Amara','Bram',
                'Chloe','Dmitri','Emma','Felix','Gala','Henrik','Isla','Jakub','Katya','Luis','Mina','Noah'])
           [1 + shop_pick(n, 1, 40)] AS first,
         (ARRAY['Andersson','Bianchi','Costa','Dubois','Evans','Fischer','Garcia','Hoffmann','Ivanova','Jansen','Kowalski',
                'Larsen','Moreau','Novak','Okafor','Petrov','Quinn','Rossi','Schmidt','Tanaka','Urban','Visser','Weber',
                'Xu','Yilmaz','Zimmermann','Almeida','Brown','Chen','Demir','Eriksen','Fontaine','Gupta','Horvat','Ito',
                'Jensen','Keller','Lopez','Murphy','Nielsen'])
           [1 + shop_pick(n, 2, 40)] AS last,
         (ARRAY['Berlin,Germany','Paris,France','London,United Kingdom','Madrid,Spain','Amsterdam,Netherlands','Warsaw,Poland',
                'Hamburg,Germany','Milan,Italy','Lyon,France','Vienna,Austria','Munich,Germany','Barcelona,Spain',
                'Lisbon,Portugal','Manchester,United Kingdom','Cologne,Germany','Rome,Italy','Brussels,Belgium',
                'Stockholm,Sweden','Prague,Czechia','Copenhagen,Denmark','Krakow,Poland','Marseille,France',
                'Zurich,Switzerland','Dublin,Ireland','Rotterdam,Netherlands','Frankfurt,Germany','Oslo,Norway',
                'Helsinki,Finland','Valencia,Spain','Porto,Portugal','Turin,Italy','Leeds,United Kingdom','Antwerp,Belgium',
                'Gothenburg,Sweden','Graz,Austria','Stuttgart,Germany','Toulouse,France','Brno,Czechia','Gdansk,Poland',
                'Geneva,Switzerland','Utrecht,Netherlands','Seville,Spain','Naples,Italy','Bristol,United Kingdom',
                'Aarhus,Denmark','Ghent,Belgium','Leipzig,Germany','Nantes,France','Bergen,Norway','Tampere,Finland',
                'Cork,Ireland','Bologna,Italy','Bilbao,Spain','Linz,Austria','Malmo,Sweden','Poznan,Poland',
                'Basel,Switzerland','Dresden,Germany','Coimbra,Portugal','Ostrava,Czechia'])
           [1 + floor(60 * shop_share(n, 9) * shop_share(n, 9))::int] AS place
  FROM generate_series(1, :customers) AS n
) AS person
ORDER BY n;

-- products ------------------------------------------------------------------------------------------------

CREATE TABLE products (
  id          integer PRIMARY KEY,
  sku         text NOT NULL,
  name        text NOT NULL,
  category    text NOT NULL,
  department  text NOT NULL,
  price       numeric(8,2) NOT NULL,
  launched_on date NOT NULL
);
COMMENT ON TABLE products IS 'What can be ordered. A category lies in one department only.';

INSERT INTO products (id, sku, name, category, department, price, launched_on)
SELECT n,
       upper(left(split_part(kind, ',', 1), 3)) || '-' || lpad(n::text, 5, '0'),
       (ARRAY['Blue','Red','Green','Black','White','Grey','Amber','Ivory','Copper','Striped'])[1 + shop_pick(n, 12, 10)]
         || ' ' || (ARRAY['Classic','Compact','Nordic','Rustic','Travel','Studio','Heritage','Everyday'])[1 + shop_pick(n, 13, 8)]
         || ' ' || split_part(kind, ',', 2),
       split_part(kind, ',', 1),
       split_part(kind, ',', 3),
       round(split_part(kind, ',', 4)::numeric * (60 + shop_pick(n, 14, 100)) / 100, 2) - 0.01,
       CASE WHEN n > :sold THEN date '2026-02-01' + shop_pick(n, 15, 60)::int
            ELSE date '2018-01-01' + shop_pick(n, 15, 1500)::int END
FROM (
  SELECT n,
         (ARRAY['Teapots,Teapot,Kitchen,29','Kettles,Kettle,Kitchen,45','Mugs,Mug,Kitchen,12','Plates,Plate,Kitchen,14',
                'Bowls,Bowl,Kitchen,11','Knives,Knife,Kitchen,38','Pans,Pan,Kitchen,49','Pots,Pot,Kitchen,55',
                'Scales,Scale,Kitchen,27','Grinders,Grinder,Kitchen,62','Lamps,Lamp,Living,59','Rugs,Rug,Living,140',
                'Cushions,Cushion,Living,24','Blankets,Blanket,Living,48','Vases,Vase,Living,33','Mirrors,Mirror,Living,85',
                'Clocks,Clock,Living,42','Frames,Frame,Living,19','Shelves,Shelf,Living,95','Candles,Candle,Living,9',
                'Desks,Desk,Office,260','Chairs,Chair,Office,180','Notebooks,Notebook,Office,8','Pens,Pen,Office,6',
                'Folders,Folder,Office,5','Trays,Tray,Office,15','Monitors,Monitor Stand,Office,35','Bags,Bag,Office,70',
                'Spades,Spade,Garden,32','Rakes,Rake,Garden,28','Shears,Shears,Garden,25','Planters,Planter,Garden,39',
                'Hoses,Hose,Garden,44','Gloves,Gloves,Garden,13','Seeds,Seed Box,Garden,4','Benches,Bench,Garden,210',
                'Towels,Towel,Bath,18','Soaps,Soap,Bath,5','Brushes,Brush,Bath,9','Mats,Mat,Bath,22',
                'Baskets,Basket,Bath,26','Robes,Robe,Bath,64','Tents,Tent,Outdoor,190','Stoves,Stove,Outdoor,75',
                'Bottles,Bottle,Outdoor,21','Backpacks,Backpack,Outdoor,110','Torches,Torch,Outdoor,30','Ropes,Rope,Outdoor,23',
                'Puzzles,Puzzle,Toys,20','Blocks,Block Set,Toys,34','Kites,Kite,Toys,27','Dolls,Doll,Toys,31',
                'Trains,Train Set,Toys,88','Games,Board Game,Toys,36','Easels,Easel,Art,58','Paints,Paint Box,Art,24',
                'Papers,Paper Pack,Art,10','Inks,Ink,Art,12','Looms,Loom,Art,99','Yarns,Yarn,Art,7'])
           [1 + shop_pick(n, 11, 60)] AS kind
  FROM generate_series(1, :products) AS n
) AS article
ORDER BY n;

-- order_items ---------------------------------------------------------------------------------------------
-- Filled before orders, which take their totals from it.

CREATE TABLE order_items (
  order_id   integer NOT NULL,
  line_no    smallint NOT NULL,
  product_id integer NOT NULL,
  quantity   smallint NOT NULL,
  unit_price numeric(8,2) NOT NULL
);
COMMENT ON TABLE order_items IS 'The lines of the orders: one to five each, two on average.';

INSERT INTO order_items (order_id, line_no, product_id, quantity, unit_price)
SELECT line.order_id, line.line_no, line.product_id, line.quantity, products.price
FROM (
  SELECT order_id, line_no,
         -- The cube makes few products sell much; 797 scatters the favourites over the ids.
         1 + (floor(:sold * share * share * share)::int * 797 + 631) % :sold AS product_id,
         1 + shop_pick(key, 22, 4) * shop_pick(key, 23, 4) / 3 AS quantity
  FROM (
    SELECT order_id, line_no, order_id * 8::bigint + line_no AS key, shop_share(order_id * 8::bigint + line_no, 21) AS share
    FROM generate_series(1, :orders) AS order_id,
         generate_series(1, (ARRAY[1,1,1,1,1,1,1,1,1,2,2,2,2,2,3,3,3,4,4,5])[1 + shop_pick(order_id, 20, 20)]) AS line_no
  ) AS position
) AS line
JOIN products ON products.id = line.product_id
ORDER BY order_id, line_no;

-- orders --------------------------------------------------------------------------------------------------

CREATE TABLE orders (
  id          integer PRIMARY KEY,
  customer_id integer NOT NULL,
  status      text NOT NULL,
  channel     text NOT NULL,
  created_at  timestamptz NOT NULL,
  shipped_at  timestamptz,
  total       numeric(10,2) NOT NULL
);
COMMENT ON TABLE orders IS 'In the order of their time; three times as many a day at the end of 2025 as at the start of 2023.';
COMMENT ON COLUMN orders.status IS 'new, paid, shipped, delivered, returned or cancelled; depends on the age of the order.';
COMMENT ON COLUMN orders.total IS 'Sum of quantity × unit_price of its lines.';

INSERT INTO orders (id, customer_id, status, channel, created_at, shipped_at, total)
SELECT id, customer_id, status, channel, created_at,
       CASE WHEN status IN ('shipped', 'delivered', 'returned')
            THEN created_at + interval '1 second' * (21600 + shop_pick(id, 33, 64800)) END,
       total
FROM (
  SELECT id, channel, created_at, total,
         -- The cube makes few customers order much; 7919 scatters them over the ids.
         1 + (floor(:customers * share * share * share)::int * 7919 + 4241) % :customers AS customer_id,
         CASE WHEN created_at >= timestamptz '2025-12-31 00:00+00' THEN CASE WHEN luck < 60 THEN 'new' ELSE 'paid' END
              WHEN created_at >= timestamptz '2025-12-29 00:00+00' THEN CASE WHEN luck < 5 THEN 'new' WHEN luck < 55 THEN 'paid'
                                                                             WHEN luck < 97 THEN 'shipped' ELSE 'cancelled' END
              WHEN created_at >= timestamptz '2025-12-22 00:00+00' THEN CASE WHEN luck < 2 THEN 'paid' WHEN luck < 60 THEN 'shipped'
                                                                             WHEN luck < 96 THEN 'delivered' ELSE 'cancelled' END
              ELSE CASE WHEN luck < 92 THEN 'delivered' WHEN luck < 96 THEN 'cancelled' ELSE 'returned' END
         END AS status
  FROM (
    SELECT id, total,
           shop_share(id, 30) AS share,
           shop_pick(id, 31, 100) AS luck,
           (ARRAY['web','web','web','web','web','web','app','app','app','app','app','marketplace','marketplace','phone'])
             [1 + shop_pick(id, 34, 14)] AS channel,
           -- Three years less an hour, in seconds, on a curve that is three times as steep at its start as at its end.
           timestamptz '2023-01-01 00:30+00'
             + interval '1 second' * (floor(94690800 * (1.5 * (id / :orders::double precision)
                                                        - 0.5 * (id / :orders::double precision) * (id / :orders::double precision)))
                                      - shop_pick(id, 32, 1800)) AS created_at
    FROM (SELECT order_id AS id, sum(quantity * unit_price) AS total FROM order_items GROUP BY order_id) AS basket
  ) AS sale
) AS sold
ORDER BY id;

-- events --------------------------------------------------------------------------------------------------

CREATE TABLE events (
  id          integer PRIMARY KEY,
  kind        text NOT NULL,
  customer_id integer,
  product_id  integer,
  created_at  timestamptz NOT NULL,
  payload     jsonb NOT NULL
);
COMMENT ON TABLE events IS 'What visitors did in 2025, in the order of its time. The newsletter, about one product an issue, goes out at midnight sharp.';
COMMENT ON COLUMN events.customer_id IS 'NULL for anonymous visitors.';

INSERT INTO events (id, kind, customer_id, product_id, created_at, payload)
SELECT id, kind,
       CASE WHEN kind IN ('newsletter', 'checkout', 'login') OR shop_pick(id, 44, 100) < 45
            THEN 1 + (floor(:customers * share * share * share)::int * 7919 + 4241) % :customers END,
       CASE WHEN kind = 'newsletter' THEN 1 + shop_pick(id / 4000, 48, :sold)
            WHEN kind IN ('product_view', 'add_to_cart')
            THEN 1 + (floor(:products * taste * taste)::int * 797 + 631) % :products END,
       CASE WHEN kind = 'newsletter' THEN date_trunc('day', created_at, 'UTC') ELSE created_at END,
       CASE kind
         WHEN 'newsletter' THEN jsonb_build_object('issue', 1 + id / 4000)
         WHEN 'search' THEN jsonb_build_object('hits', shop_pick(id, 46, 60), 'ms', 8 + shop_pick(id, 45, 300))
         ELSE jsonb_build_object('device', (ARRAY['phone','phone','phone','laptop','laptop','tablet'])[1 + shop_pick(id, 47, 6)],
                                 'ms', 8 + shop_pick(id, 45, 900))
       END
FROM (
  SELECT id,
         shop_share(id, 42) AS share,
         shop_share(id, 43) AS taste,
         -- Evenly apart on average, 157.68 s where there are 200,000: they fill the year.
         timestamptz '2025-01-01 00:00+00'
           + interval '1 second' * (floor(id * (31536000 / :events::double precision)) - shop_pick(id, 41, 150) - 1) AS created_at,
         CASE WHEN id % 70 = 0 THEN 'newsletter'
              WHEN luck < 680 THEN 'page_view'
              WHEN luck < 870 THEN 'product_view'
              WHEN luck < 930 THEN 'search'
              WHEN luck < 970 THEN 'add_to_cart'
              WHEN luck < 988 THEN 'login'
              WHEN luck < 999 THEN 'checkout'
              ELSE 'complaint' END AS kind
  FROM (SELECT id, shop_pick(id, 40, 1000) AS luck FROM generate_series(1, :events) AS id) AS visit
) AS happening
ORDER BY id;

-- keys ----------------------------------------------------------------------------------------------------

ALTER TABLE customers ADD UNIQUE (email);
ALTER TABLE products ADD UNIQUE (sku);
ALTER TABLE order_items ADD PRIMARY KEY (order_id, line_no);
CREATE INDEX events_created_at_idx ON events (created_at);

ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers;
ALTER TABLE order_items ADD FOREIGN KEY (order_id) REFERENCES orders, ADD FOREIGN KEY (product_id) REFERENCES products;
ALTER TABLE events ADD FOREIGN KEY (customer_id) REFERENCES customers, ADD FOREIGN KEY (product_id) REFERENCES products;

DROP FUNCTION shop_share;
DROP FUNCTION shop_pick;

RESET client_min_messages;
RESET TimeZone;
