// A schema as JSON Schema, for documents and screens: what it means, without what zod adds for its own checks.
import { z } from "zod";

/** The ends of what a whole number may be at all: "a whole number" says it. */
const SAFE: readonly unknown[] = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];

type Asked = {
  /** `input` (as a rule) leaves objects open to fields that are added later; `output` is what reading makes of it. */
  readonly io?: "input" | "output";
  readonly target?: "draft-2020-12" | "draft-7";
};

/** JSON Schema, without a word on its draft. */
export function jsonSchemaOf(schema: z.ZodType, { io = "input", target = "draft-2020-12" }: Asked = {}) {
  const shape = z.toJSONSchema(schema, {
    io,
    target,
    override: ({ jsonSchema }) => {
      if (SAFE.includes(jsonSchema.minimum)) delete jsonSchema.minimum;
      if (SAFE.includes(jsonSchema.maximum)) delete jsonSchema.maximum;
      if (jsonSchema.format === "date-time") delete jsonSchema.pattern;
    },
  });
  delete shape.$schema;
  return shape;
}
