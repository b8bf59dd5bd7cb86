/** Words for query languages that can change data as well, in text in lower case. */
export const SQL =
  /\b(?:sql|mysql|postgres|postgresql|sqlite|mssql|mariadb|oracle|clickhouse|snowflake|bigquery|redshift|duckdb|cypher|neo4j|database query|ddl|dml)\b/;

/** A promise to change nothing, in text in lower case. */
export const READ_ONLY =
  /\bread[- ]?only\b(?! (?:mode (?:is )?(?:off|disabled)|replica))|\b(?:does|do|will|without) (?:not |n't )?(?:modify|change|alter|mutat|execut|persist)\w*\b|\bno (?:side effects|changes are made|data is (?:changed|modified|stored))|\bonly (?:select|read|reads|returns)\b|\bselect (?:queries|statements|only)\b|只读|読み取り専用|읽기 전용/;
