// `npm run db:migrate`: brings the database to the shape that this version expects.
import { migrateDatabase } from "./migrate-database.ts";
import { openDatabase } from "./open-database.ts";
import { endWith, loadDotEnv } from "./variables.ts";

loadDotEnv();

try {
  const database = await openDatabase(process.env);
  try {
    process.stdout.write(`${await migrateDatabase(database.url, !process.env["REDIS_URL"])}\n`);
  } finally {
    await database.stop();
  }
} catch (error) {
  endWith(error);
}
