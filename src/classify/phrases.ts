/** Words for query languages that can change data as well, in text in lower case. */
export const SQL =
  /\b(?:sql|mysql|postgres|postgresql|sqlite|mssql|mariadb|oracle|clickhouse|snowflake|bigquery|redshift|duckdb|cypher|neo4j|aql|n1ql|surrealql|hql|partiql|gremlin|t-sql|pl\/sql|database query|ddl|dml)\b/;

/** A promise to change nothing, in text in lower case. */
export const READ_ONLY =
  /(?<!\bnon[- ]|\bnot )\bread[- ]?only\b(?! (?:mode (?:is )?(?:off|disabled)|replica))|\b(?:does|do|will|without) (?:not |n't )?(?:modify|change|alter|mutat|execut|persist)\w*\b|\bno (?:side effects|changes are made|data is (?:changed|modified|stored))|\bonly (?:select|read|reads|returns)\b|(?<!\bnon[- ]|\bnot )\bselect (?:sql )?(?:query|queries|statements?|only)\b|\bread (?:sql|cypher) quer(?:y|ies)\b|只读|読み取り専用|읽기 전용/;

/** Words that say that a result is put somewhere, in text in lower case. */
export const SAVED =
  /\b(?:sav(?:e|es|ed|ing)|stor(?:e|es|ing)|writ(?:e|es|ing|ten)|(?:persist|ingest|download|append|record)(?:s|ing)?) (?:[\w'-]+ ){0,9}?(?:to|into|in|as|on) (?:[\w'-]+ ){0,3}?(?:files?|file ?system|disk|local|database|csv|folder|directory|knowledge base|workspace|json|memory|storage|locally|desktop|downloads|spreadsheet)\b|\binto (?:[\w-]+ ){0,3}(?:knowledge base|collection|vector (?:db|store|database)|index)\b|\bautomatically (?:saves?|stores?|creates?|updates?|records?)\b|\b(?:load|import|insert|embed)(?:s|ing)? (?:[\w-]+ ){1,5}?into (?:a|an|the|your)\b|\b(?:images?|screenshots?|files?|results?|outputs?|reports?|videos?|audio) (?:is|are|was|will be|gets?) (?:\w+ )?(?:saved|stored|written|downloaded|uploaded)\b|\b(?:export|collect|convert|dump|render|capture|compile|combine)(?:s|ing)? (?:[\w'-]+ ){1,9}?(?:to|into) (?:an? |the )(?:[\w-]+ ){0,2}?(?:files?|table|disk|directory|folder|spreadsheet)\b|保存され|保存为|保存到|保存成|另存为|写入文件|导出到|存储到|ファイルに保存|파일로 저장|파일에 저장|сохраня\w* в файл|guarda(?:r|ndo)? en|salva(?:r|ndo)? em|enregistr\w+ dans|speicher\w* in/;

/** Query languages that have no way to write, in text in lower case. */
export const READING_LANGUAGE =
  /\b(?:kql|kusto|dql|promql|logql|nrql|spl|splunk|lucene|jql|sparql|tree-sitter|log queries|log query|sls|logs insights|opensearch query|elasticsearch (?:query|dsl)|esql|es\|ql|saved (?:query|question)|saved search|flux quer(?:y|ies)|traceql|xpath|jsonpath|jmespath)\b|日志查询/;

/** Keywords of SQL as they are written in running text; in capitals they name statements and are no acts of the tool. */
export const SQL_KEYWORDS: ReadonlySet<string> = new Set(
  'SELECT INSERT UPDATE DELETE CREATE DROP ALTER TRUNCATE MERGE EXPLAIN SHOW DESCRIBE'.split(' '),
);
/** Of which these are used in SQL only. */
export const SQL_ONLY = /\b(?:INSERT|SELECT|ALTER|TRUNCATE)\b/;
/** What stands right before words that are denied, in text in lower case. */
export const DENIED_BEFORE = /\b(?:not|never|without|n't|doesn't|don't|no)\W{1,4}(?:\w+\W{1,2})?$/;
