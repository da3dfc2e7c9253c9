// What the demo's shops sell and to whom: data, invented.
import { gid, steadyId } from "./ids.ts";

export type Product = {
  id: bigint;
  variantId: bigint;
  handle: string;
  title: string;
  vendor: string;
  /** Price in thousandths of a US dollar, converted into the shop's currency. */
  price: bigint;
  giftCard: boolean;
  tags: string[];
  /** Two colours of the picture. */
  colours: readonly [string, string];
};

export type Customer = {
  id: bigint;
  gid: string;
  firstName: string;
  lastName: string;
  email: string;
  verifiedEmail: boolean;
  tags: string[];
  locale: string;
  createdAt: string;
};

const PRODUCTS: readonly Omit<Product, "id" | "variantId">[] = [
  {
    handle: "linen-apron",
    title: "Linen apron",
    vendor: "Field & Loom",
    price: 48_000n,
    giftCard: false,
    tags: ["kitchen"],
    colours: ["#d8cfc0", "#9c8a6d"],
  },
  {
    handle: "stoneware-mug",
    title: "Stoneware mug",
    vendor: "Kiln House",
    price: 22_500n,
    giftCard: false,
    tags: ["kitchen"],
    colours: ["#c9d3cf", "#6f8a82"],
  },
  {
    handle: "olive-oil",
    title: "Olive oil, 500 ml",
    vendor: "Laurel Grove",
    price: 18_950n,
    giftCard: false,
    tags: ["pantry"],
    colours: ["#dfe0b4", "#8a9440"],
  },
  {
    handle: "laurel-soap",
    title: "Laurel soap, set of 3",
    vendor: "Laurel Grove",
    price: 14_250n,
    giftCard: false,
    tags: ["bath"],
    colours: ["#cfe0c8", "#5e8a56"],
  },
  {
    handle: "wool-blanket",
    title: "Wool blanket",
    vendor: "Field & Loom",
    price: 129_000n,
    giftCard: false,
    tags: ["home"],
    colours: ["#e3d2c4", "#a8694a"],
  },
  {
    handle: "brass-lamp",
    title: "Brass lamp",
    vendor: "Night Shift",
    price: 210_000n,
    giftCard: false,
    tags: ["home"],
    colours: ["#efdcae", "#b98a2f"],
  },
  {
    handle: "gift-card",
    title: "Gift card",
    vendor: "Laurel Demo",
    price: 50_000n,
    giftCard: true,
    tags: [],
    colours: ["#d9d3e8", "#6b5ba3"],
  },
];

const CUSTOMERS: readonly Omit<Customer, "id" | "gid" | "createdAt">[] = [
  {
    firstName: "Ada",
    lastName: "Marlow",
    email: "ada@example.com",
    verifiedEmail: true,
    tags: [],
    locale: "en",
  },
  {
    firstName: "Bruno",
    lastName: "Keller",
    email: "bruno@example.com",
    verifiedEmail: true,
    tags: ["wholesale"],
    locale: "de",
  },
  {
    firstName: "Chioma",
    lastName: "Eze",
    email: "chioma@example.com",
    verifiedEmail: true,
    tags: [],
    locale: "en",
  },
  {
    firstName: "Daiki",
    lastName: "Mori",
    email: "daiki@example.com",
    verifiedEmail: true,
    tags: [],
    locale: "en",
  },
  {
    firstName: "Elif",
    lastName: "Aydın",
    email: "elif@example.com",
    verifiedEmail: false,
    tags: [],
    locale: "en",
  },
];

/** The range of a shop; ids follow from the shop's handle. */
export const productsOf = (shop: string): Product[] =>
  PRODUCTS.map((product) => ({
    ...product,
    id: steadyId(shop, "product", product.handle),
    variantId: steadyId(shop, "variant", product.handle),
  }));

/** The customers that a shop begins with. */
export const customersOf = (shop: string): Customer[] =>
  CUSTOMERS.map((customer) => {
    const id = steadyId(shop, "customer", customer.email);
    return { ...customer, id, gid: gid("Customer", id), createdAt: "2026-01-05T10:00:00+00:00" };
  });
