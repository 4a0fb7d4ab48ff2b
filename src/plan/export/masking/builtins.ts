/** Words that belong to PostgreSQL and tell nothing of a database. What is not here is masked: too few is safe, too many is not. */

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/).filter((word) => word !== ''));
}

/** Functions of pg_catalog that conditions, targets and function scans often call. */
export const FUNCTIONS = words(`
abs acos age any_value array_agg array_append array_cat array_dims array_fill array_length array_lower array_ndims array_position
array_positions array_prepend array_remove array_replace array_to_json array_to_string array_upper ascii asin atan atan2 avg
bit_and bit_count bit_length bit_or bool_and bool_or bpchar btrim cardinality cbrt ceil ceiling char_length character_length chr
clock_timestamp concat concat_ws convert_from convert_to corr cos cot count covar_pop covar_samp cume_dist current_database
current_setting currval date date_bin date_part date_trunc degrees dense_rank div encode decode every exp extract first_value
float4 float8 floor format generate_series generate_subscripts gen_random_uuid get_bit get_byte greatest grouping hashtext
initcap int2 int4 int8 isfinite json_agg json_array_elements json_array_elements_text json_array_length json_build_array
json_build_object json_each json_each_text json_extract_path json_extract_path_text json_object_agg json_object_keys
json_populate_record json_populate_recordset json_to_record json_to_recordset json_typeof jsonb_agg jsonb_array_elements
jsonb_array_elements_text jsonb_array_length jsonb_build_array jsonb_build_object jsonb_each jsonb_each_text jsonb_exists
jsonb_exists_all jsonb_exists_any jsonb_extract_path jsonb_extract_path_text jsonb_object_agg jsonb_object_keys
jsonb_path_exists jsonb_path_match jsonb_path_query jsonb_path_query_array jsonb_path_query_first jsonb_populate_record
jsonb_populate_recordset jsonb_set jsonb_strip_nulls jsonb_to_record jsonb_to_recordset jsonb_typeof json_table justify_days
justify_hours justify_interval lag last_value lead least left length ln log log10 lower lower_inc lower_inf lpad ltrim make_date
make_interval make_time make_timestamp make_timestamptz max md5 min mod mode nextval now nth_value ntile nullif numeric
numnode octet_length overlay percent_rank percentile_cont percentile_disc phraseto_tsquery pi plainto_tsquery position pow power
quote_ident quote_literal radians random range_agg rank regexp_count regexp_instr regexp_like regexp_match regexp_matches
regexp_replace regexp_split_to_array regexp_split_to_table regexp_substr regr_slope repeat replace reverse right round
row_number row_to_json rpad rtrim scale setval sha224 sha256 sha384 sha512 sign similar_to_escape like_escape sin split_part sqrt
starts_with statement_timestamp stddev stddev_pop stddev_samp string_agg string_to_array string_to_table strpos substr substring
sum tan text texteq timeofday timestamp timestamptz timezone to_char to_date to_hex to_json to_jsonb to_number to_timestamp
to_tsquery to_tsvector transaction_timestamp translate trim trunc ts_headline ts_rank ts_rank_cd unnest upper upper_inc upper_inf
uuidv4 uuidv7 var_pop var_samp variance varchar websearch_to_tsquery width_bucket xmlagg xmltable
`);

/** First words of the types' names (format_type.c); the rest of "character varying" and the like is in TYPE_REST. */
export const TYPES = words(`
bigint bit boolean bool box bpchar bytea char character cidr circle cstring date datemultirange daterange decimal double float4
float8 inet int2 int4 int4multirange int4range int8 int8multirange int8range integer internal interval json jsonb jsonpath line
lseg macaddr macaddr8 money name nummultirange numeric numrange oid path pg_lsn pg_snapshot point polygon real record refcursor
regclass regcollation regconfig regdictionary regnamespace regoper regoperator regproc regprocedure regrole regtype smallint text
tid time timestamp timestamptz timetz tsmultirange tsquery tsrange tstzmultirange tstzrange tsvector txid_snapshot unknown uuid
varbit varchar void xid xid8 xml anyarray anyelement
`);

export const TYPE_REST = words('varying precision without with time zone');

/** Columns that every table has, and what a rule or ON CONFLICT calls its rows. */
export const SYSTEM_NAMES = words('ctid tableoid xmin xmax cmin cmax oid excluded old new');

/** What EXPLAIN writes around subplans. "or" is reserved: a column of that name would be quoted. */
export const PLAN_WORDS = words('SubPlan InitPlan or');

/** Of these, what must follow for them not to be a column's name. */
export const BEFORE: Readonly<Record<string, RegExp>> = {
  hashed: /^SubPlan$/,
  rescan: /^SubPlan$/,
  returns: /^\$\d/,
  alternatives: /^:$/,
};

/** EXPLAIN prints keywords in capitals; names in capitals it puts in quotes. */
export const KEYWORDS = words(`
ALL AND ANY ARRAY AS ASC ASYMMETRIC AT BETWEEN BOTH BY CASE CAST COALESCE COLLATE CROSS CUBE CURRENT CURRENT_CATALOG CURRENT_DATE
CURRENT_ROLE CURRENT_SCHEMA CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER DEFAULT DELETE DESC DISTINCT DO DOCUMENT ELSE EMPTY END
ERROR ESCAPE EXCEPT EXCLUDE EXISTS EXTRACT FALSE FETCH FILTER FIRST FOLLOWING FOR FROM FULL GREATEST GROUP GROUPING GROUPS HAVING
ILIKE IN INNER INSERT INTERSECT INTERVAL INTO IS ISNULL JOIN JSON JSON_ARRAY JSON_EXISTS JSON_OBJECT JSON_QUERY JSON_SCALAR
JSON_SERIALIZE JSON_VALUE KEYS KEY LAST LATERAL LEADING LEAST LEFT LIKE LIMIT LOCALTIME LOCALTIMESTAMP MATCHED MATERIALIZED MERGE
NATURAL NFC NFD NFKC NFKD NO NORMALIZE NORMALIZED NOT NOTHING NOTNULL NULL NULLIF NULLS OF OFFSET ON ONLY OPERATOR OR ORDER
ORDINALITY OTHERS OUTER OVER OVERLAPS OVERLAY PARTIAL PARTITION POSITION PRECEDING RANGE RECURSIVE RETURNING RIGHT ROLLUP ROW ROWS
SELECT SESSION_USER SET SETS SHARE SIMILAR SOME SUBSTRING SYMMETRIC SYSTEM_USER TABLE TABLESAMPLE THEN TIES TIME TO TRAILING TREAT
TRIM TRUE UNBOUNDED UNION UNIQUE UNKNOWN UPDATE USER USING VALUES VARIADIC WHEN WHERE WINDOW WITH WITHIN WITHOUT XMLATTRIBUTES
XMLCONCAT XMLELEMENT XMLEXISTS XMLFOREST XMLPARSE XMLPI XMLROOT XMLSERIALIZE XMLTABLE ZONE
EXPLAIN ANALYZE VERBOSE BUFFERS COSTS SETTINGS TIMING SUMMARY WAL FORMAT ANTI SEMI ABORT BEGIN COMMIT DECLARE CURSOR EXECUTE
PREPARE DEALLOCATE CREATE TEMP TEMPORARY VIEW IF CONFLICT CONSTRAINT NOWAIT SKIP LOCKED NEXT SOURCE TARGET
`);

/** What EXTRACT takes. */
export const FIELDS = words(`
century day decade dow doy epoch hour isodow isoyear julian microseconds millennium milliseconds minute month quarter second
timezone timezone_hour timezone_minute week year
`);

/** Names that the planner gives to what has none. */
export const PLANNER_NAMES =
  /^(?:\*(?:SELECT|VALUES|TLOCRN|TROCRN)\*(?: \d+)?|ANY_subquery|EXISTS_subquery|unnamed_(?:join|subquery)|col\d+|column\d+|(?:expr|exists|any|all|array|minmax|multiexpr|rowcompare|setop)_\d+)$/;

/** Settings' values that name nothing: figures with a unit, and the words of the planner's settings. */
export const SETTING_VALUES =
  /^(?:-?\d+(?:\.\d+)?(?:e[+-]?\d+)? ?(?:B|kB|MB|GB|TB|us|ms|s|min|h|d)?|on|off|true|false|yes|no|auto|always|partition|regress|force_(?:custom|generic)_plan|pglz|lz4|safe_encoding)$/;
