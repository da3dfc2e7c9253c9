// What the rules in the form would give for an order, worked out by the rules themselves while one types.
import { Card, BlockStack, DescriptionList, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import { examplePoints } from "../program/example.ts";
import { Points } from "./figures.tsx";
import type { ProgramFields } from "./program-form.ts";
import { useShop } from "./shop-context.tsx";

export function EarningExample({ fields }: { fields: ProgramFields }) {
  const { currency } = useShop();
  const [amount, setAmount] = useState("50.00");
  const tiers = fields.tiers.length > 0 ? fields.tiers : [{ id: "", name: "Every member", multiplier: "1" }];
  const items = tiers.map(({ name, multiplier }) => {
    const points = examplePoints(fields, multiplier.replace(",", "."), {
      amount: amount.replace(",", "."),
      currency,
    });
    return { term: name || "Unnamed tier", description: points === null ? "–" : <Points of={points} /> };
  });
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Example
        </Text>
        <TextField
          label="An order with goods for"
          value={amount}
          onChange={setAmount}
          suffix={currency}
          inputMode="decimal"
          autoComplete="off"
        />
        <div aria-live="polite">
          <Text as="p" tone="subdued">
            earns, by the rules on this page:
          </Text>
          <DescriptionList items={items} />
        </div>
      </BlockStack>
    </Card>
  );
}
