// Derives the shapes of the other systems' events from their documents: `node scripts/write-seed-shapes.ts <folder>`.
import { writeFileSync } from "node:fs";
import { asText, SEED_SHAPES, shapesIn } from "./seed-shapes.ts";

writeFileSync(SEED_SHAPES, asText(shapesIn(process.argv[2] ?? "../shared/seeds")));
