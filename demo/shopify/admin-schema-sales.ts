// Customers and orders, in the part of Shopify's Admin GraphQL schema (2026-10) that the stand-in answers.

/** What the schema has for what a shop sells, and to whom; admin-schema.ts makes it part of the whole. */
export const SALES_TYPES = /* GraphQL */ `
  enum CustomerState {
    DECLINED
    DISABLED
    ENABLED
    INVITED
  }
  enum CustomerSortKeys {
    CREATED_AT
    ID
    NAME
    UPDATED_AT
  }
  type CustomerEmailAddress {
    emailAddress: String!
  }
  type Customer implements Node {
    id: ID!
    legacyResourceId: UnsignedInt64!
    firstName: String
    lastName: String
    displayName: String!
    defaultEmailAddress: CustomerEmailAddress
    verifiedEmail: Boolean!
    locale: String!
    state: CustomerState!
    tags: [String!]!
    numberOfOrders: UnsignedInt64!
    amountSpent: MoneyV2!
    createdAt: DateTime!
    updatedAt: DateTime!
    metafield(namespace: String, key: String!): Metafield
  }
  type CustomerEdge {
    cursor: String!
    node: Customer!
  }
  type CustomerConnection {
    edges: [CustomerEdge!]!
    nodes: [Customer!]!
    pageInfo: PageInfo!
  }
  enum OrderDisplayFinancialStatus {
    AUTHORIZED
    EXPIRED
    PAID
    PARTIALLY_PAID
    PARTIALLY_REFUNDED
    PENDING
    REFUNDED
    VOIDED
  }
  enum OrderSortKeys {
    CREATED_AT
    CUSTOMER_NAME
    ID
    ORDER_NUMBER
    PROCESSED_AT
    UPDATED_AT
  }
  type MoneyBag {
    shopMoney: MoneyV2!
    presentmentMoney: MoneyV2!
  }
  type Order implements Node {
    id: ID!
    legacyResourceId: UnsignedInt64!
    name: String!
    email: String
    createdAt: DateTime!
    processedAt: DateTime!
    updatedAt: DateTime!
    cancelledAt: DateTime
    test: Boolean!
    taxesIncluded: Boolean!
    currencyCode: CurrencyCode!
    presentmentCurrencyCode: CurrencyCode!
    displayFinancialStatus: OrderDisplayFinancialStatus
    sourceName: String
    customer: Customer
    subtotalPriceSet: MoneyBag
    currentSubtotalPriceSet: MoneyBag!
    totalPriceSet: MoneyBag!
    currentTotalPriceSet: MoneyBag!
    totalTaxSet: MoneyBag
    totalDiscountsSet: MoneyBag
    totalShippingPriceSet: MoneyBag!
    totalTipReceivedSet: MoneyBag!
  }
  type OrderEdge {
    cursor: String!
    node: Order!
  }
  type OrderConnection {
    edges: [OrderEdge!]!
    nodes: [Order!]!
    pageInfo: PageInfo!
  }
  extend type QueryRoot {
    customer(id: ID!): Customer
    customers(
      first: Int
      after: String
      query: String
      sortKey: CustomerSortKeys
      reverse: Boolean
    ): CustomerConnection!
    order(id: ID!): Order
    orders(
      first: Int
      after: String
      query: String
      sortKey: OrderSortKeys
      reverse: Boolean
    ): OrderConnection!
  }
`;
