// Typed linting. Each limit is a rule of ARCHITECTURE.md, "How it is written".
import js from "@eslint/js";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

const SIZES = {
  "max-lines": ["error", { max: 300, skipBlankLines: true, skipComments: true }],
  "max-lines-per-function": ["error", { max: 70, skipBlankLines: true, skipComments: true }],
  "max-depth": ["error", 3],
  "max-params": ["error", 4],
};

export default tseslint.config(
  {
    ignores: [
      "generated",
      "build",
      "public/build",
      ".laurel",
      ".cache",
      "node_modules",
      "extensions/*/assets",
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { "react-hooks": reactHooks },
    rules: {
      ...SIZES,
      ...reactHooks.configs.recommended.rules,
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      // Remix answers by throwing a Response.
      "@typescript-eslint/only-throw-error": "off",
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
    },
  },
  {
    // Time is read in one place, so that a test can own it.
    files: ["app/**/*.ts", "app/**/*.tsx"],
    ignores: ["app/platform/clock.server.ts"],
    rules: {
      "no-restricted-properties": [
        "error",
        { object: "Date", property: "now", message: "Use now() of platform/clock.server.ts." },
        { object: "Math", property: "random", message: "Use node:crypto." },
      ],
      "no-console": "error",
    },
  },
  { files: ["tests/**"], rules: { "max-lines-per-function": "off", "max-lines": ["error", { max: 500 }] } },
  { files: ["**/*.js", "**/*.mjs"], extends: [tseslint.configs.disableTypeChecked] },
);
