export interface User {
  id?: number
  name?: string
  age?: number
  active?: boolean
  born?: Date
  data?: unknown
}

/** A table that other programs have made and filled. */
export const users = `CREATE TABLE users (
  id INTEGER PRIMARY KEY, full_name VARCHAR(80) NOT NULL, age INT, active BOOLEAN, born DATETIME, data JSON,
  email TEXT COLLATE NOCASE UNIQUE, shout TEXT AS (upper(full_name)), untold TEXT DEFAULT 'kept'
);
INSERT INTO users (id, full_name, age, active, born, data) VALUES
  (3, 'Cy', 36, 1, '2020-01-02 03:04:05', '{"a":[1]}'),
  (1, 'Ada', NULL, 0, '1815-12-10', 'not json'),
  (2, 'Bo', 'old', 7, 'soon', 5)`

/** Which of its columns are properties. */
export const columns = {
  name: { type: 'string', column: 'full_name' },
  age: 'integer',
  active: 'boolean',
  born: 'date',
  data: 'json',
} as const
