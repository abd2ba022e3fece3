import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

const features = ["start", "run", "library", "sign-in"];

// Each feature may import itself and what is shared, never another feature.
const featureBorders = features.map((feature) => ({
  files: [`src/features/${feature}/**`],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: features
          .filter((other) => other !== feature)
          .map((other) => ({
            group: [`@/features/${other}/*`, `**/${other}/*`],
            message: "Features never import each other.",
          }))
          .concat({
            group: ["@/app/*"],
            message: "Routes import features, not the other way.",
          }),
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: [".next/", "out/", "node_modules/", "next-env.d.ts"] },
  ...tseslint.configs.strict,
  ...tseslint.configs.stylistic,
  reactHooks.configs.flat.recommended,
  {
    rules: {
      "max-lines": ["error", { max: 250 }],
      "max-depth": ["error", 3],
      complexity: ["error", 14],
      eqeqeq: "error",
      "no-console": "error",
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      // React writes HTML only from JSX: what a model says is text.
      "no-restricted-syntax": [
        "error",
        {
          selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']",
          message: "Model text is shown as text.",
        },
        {
          selector: "JSXAttribute[name.name='style']",
          message: "The page's CSP forbids style attributes; use a class.",
        },
      ],
    },
  },
  {
    files: ["src/{components,lib,config}/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              group: ["@/features/*", "@/features/**", "@/app/*"],
              message: "Shared code never imports features.",
            },
          ],
        },
      ],
    },
  },
  ...featureBorders,
  {
    files: ["e2e/**"],
    rules: { "no-console": "off" },
  },
);
